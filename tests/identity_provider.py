"""A sign-in of a district on loopback: discovery, keys and the token endpoint of OpenID Connect, over real HTTP.

`provider.claims` bends what it says; `provider.key` and `provider.algorithm` bend how it signs.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT = {"client_id": "sers", "client_secret": "a secret of thirty-two characters."}


class IdentityProvider:
    """One provider; `authorize` plays the person who signs in there."""

    def __init__(self) -> None:
        self.published = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.key: Any = self.published
        self.algorithm = "RS256"
        self.listed = ["RS256"]
        self.claims: dict[str, Any] = {}
        self.down = False
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def settings(self) -> list[dict[str, str]]:
        """As OIDC_PROVIDERS names it."""
        return [{"key": "kennewick", "name": "Kennewick School District", "issuer": self.issuer, **CLIENT}]

    def authorize(self, address: str, subject: str = "2002") -> dict[str, str]:
        """The person signs in at the address SERS sent them to: what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**asked, "subject": subject}
        return {"code": code, "state": asked["state"]}

    def _token(self, sent: dict[str, str]) -> dict[str, Any]:
        asked = self.codes.pop(sent["code"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest())
        assert challenge.rstrip(b"=").decode() == asked["code_challenge"]
        assert sent["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": asked["subject"], "aud": CLIENT["client_id"], "iat": now,
            "exp": now + 300, "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "none":
            parts = [header, claims]
            plain = ".".join(
                base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
            )
            token = f"{plain}."
        else:
            token = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return {"access_token": "nothing to read with", "token_type": "Bearer", "id_token": token}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if provider.down:
                    self.send_error(503)
                elif self.path == "/.well-known/openid-configuration":
                    self._say(
                        {
                            "issuer": provider.issuer,
                            "authorization_endpoint": f"{provider.issuer}/authorize",
                            "token_endpoint": f"{provider.issuer}/token",
                            "jwks_uri": f"{provider.issuer}/keys",
                            "id_token_signing_alg_values_supported": provider.listed,
                        }
                    )
                else:
                    self._say({"keys": [provider.published.as_dict(private=False)]})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                self._say(
                    provider._token(sent)
                    if sent.get("code") in provider.codes
                    else {"error": "invalid_grant"}
                )

            def _say(self, answer: dict[str, Any]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(400 if "error" in answer else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: object) -> None:
                """Silent."""

        return Handler


def shared_secret() -> OctKey:
    """The client's own secret as a key: what a forger knows who is another client."""
    return OctKey.import_key(CLIENT["client_secret"])
