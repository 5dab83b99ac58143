"""How fast Liaison sends, beside others that do the same work on the same machine.

`make bench` runs it; docs/performance.md says what is measured and what came out. Everything
stays on 127.0.0.1, works under var/bench/ and ends with this command.
"""
