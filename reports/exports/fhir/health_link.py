"""A SMART Health Link: a bundle sealed with a key of its own, and the link that holds the key.

HL7 SMART Health Cards and Links 1.0.0: one file, fetched directly (flag U). The key is in the link alone, and a link
is never part of an address: no server ever sees it.
"""

import json
from base64 import urlsafe_b64encode

from reports.exports.fhir.codes import Json

CONTENT_TYPE = "application/jose"
KEY_BYTES = 32
_HEAD = {"alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json", "zip": "DEF"}


def sealed(made: Json, key: bytes) -> bytes:
    """The bundle as a compact JWE."""
    from joserfc import jwe  # 60 ms, for which no other page or command need wait
    from joserfc.jwk import OctKey

    plain = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
    return jwe.encrypt_compact(_HEAD, plain, OctKey.import_key(key)).encode("ascii")


def health_link(address: str, key: bytes, ends: int, label: str) -> str:
    """The link to a file that lies at this address until a second since 1970. `label` is read before the key is used:
    it says nothing of anybody's health."""
    payload = {"url": address, "key": _text(key), "flag": "U", "exp": ends, "label": label, "v": 1}
    return f"shlink:/{_text(json.dumps(payload, separators=(',', ':')).encode())}"


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
