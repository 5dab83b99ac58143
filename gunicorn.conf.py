"""How the web is served, wherever it runs: gunicorn reads this by itself."""

workers = 2
# Whoever waits for the database's disk costs nothing; calls that wait together share its commit.
threads = 8
accesslog = "-"
logger_class = "crm.access.AccessLog"
control_socket_disable = True
