"""What contracts say beyond the MRR in force: signed, cancelled, kinds of change."""
