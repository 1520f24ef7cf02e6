"""Here is a reader of XML; give it what has brought others down."""

BOMB = "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
OUTER = {
    "entities": f"{BOMB}<xml><Encrypt>&b;</Encrypt></xml>".encode(),
    "a file": b"<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml><Encrypt>&x;</Encrypt></xml>",
    "a parameter entity": b"<!DOCTYPE l [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]><xml/>",
    "a bare DTD": b"<!DOCTYPE xml><xml><Encrypt>a</Encrypt></xml>",
    "UTF-16": "<xml><Encrypt>a</Encrypt></xml>".encode("utf-16"),
    "nested tags": b"<xml>" + b"<a>" * 20_000,
    "whole nested tags": b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>",
    "two": b"<xml><Encrypt>a</Encrypt><Encrypt>a</Encrypt></xml>",
    "within another": b"<xml><b><Encrypt>a</Encrypt></b></xml>",
    "another root": b"<x><Encrypt>a</Encrypt></x>",
    "no XML": b"hello",
    "nothing": b"",
    "JSON": b'{"encrypt": "a"}',
    "binary": bytes(range(256)),
}
