"""The web's access log, without the calls of providers that went well."""

from typing import Any

from gunicorn.glogging import Logger


class AccessLog(Logger):  # type: ignore[misc]
    """Events that were stored need no line of their own: each is a row."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        if resp.status_code != 200 or not environ["PATH_INFO"].startswith("/hooks/"):
            super().access(resp, req, environ, request_time)
