"""Ways for a finished mail to leave: mail servers, providers, Django's own backends."""
