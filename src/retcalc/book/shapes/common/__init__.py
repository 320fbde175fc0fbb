"""What the shapes share: their input, amounts, days and months covered."""
