"""What /api/v1/openapi.json says beyond the schemas of each route: errors have one shape."""

from __future__ import annotations

from typing import Any, Final

from apiflask import APIFlask

from bot.channels import schemas

ERRORS: Final = [413, 500]
"""What any call with a body may answer; 400 and 401 are described where they can happen."""

NOT_READY: Final = {
    503: {
        "description": "The engine does not answer.",
        "content": {"application/json": {"schema": schemas.HealthOut}},
    }
}


def describe(app: APIFlask) -> None:
    """Make the document say what is really served."""
    app.config["VALIDATION_ERROR_STATUS_CODE"] = 400
    app.config["VALIDATION_ERROR_SCHEMA"] = schemas.ErrorOut
    app.config["HTTP_ERROR_SCHEMA"] = schemas.ErrorOut
    app.config["AUTO_404_RESPONSE"] = False
    app.config["AUTO_SERVERS"] = False  # a proxy's address and scheme are not known here
    app.security_schemes = {"bearer": {"type": "http", "scheme": "bearer"}}

    @app.spec_processor
    def one_message(spec: dict[str, Any]) -> dict[str, Any]:
        spec["components"]["schemas"]["MessageIn"].update(minProperties=1, maxProperties=1)
        spec["paths"]["/api/v1/messages"]["post"]["requestBody"]["required"] = True
        return spec
