"""Definition profiles: the switches of a definition, and the profiles that ship."""
