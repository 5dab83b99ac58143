"""Other Django mailers at their defaults, in an environment of their own under var/bench."""
