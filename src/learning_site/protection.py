"""What browsers are told to refuse: other hosts, scripts and styles inside pages, being framed, telling where one was.

One policy for all three places that carry it: the pages themselves, `_headers` (Netlify, Cloudflare Pages) and
`.htaccess` (Apache). Source of the terms: W3C Content Security Policy Level 3; Referrer Policy; Permissions Policy.
"""

from collections.abc import Sequence

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
COMPILING = "'wasm-unsafe-eval'"  # lets a script compile WebAssembly, and nothing else that `eval` would
ONLY_AS_HEADER = {"frame-ancestors": "'self'"}  # ignored in a page

# What this site never asks a device for.
REFUSED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip


def policy(in_page: bool, compiles: bool = False) -> str:
    """The security policy on one line; a page cannot hold all of it. `compiles`: our scripts may use WebAssembly."""
    parts = POLICY if in_page else POLICY | ONLY_AS_HEADER
    if compiles:
        parts = parts | {"script-src": f"{parts['script-src']} {COMPILING}"}
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def headers(compiles: bool = False) -> dict[str, str]:
    """Every header that a host has to send, by name; see `policy`."""
    return {
        "Content-Security-Policy": policy(in_page=False, compiles=compiles),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES),
    }


def host_files(languages: Sequence[str], compiles: bool = False) -> dict[str, str]:
    """The settings of two kinds of host, by file name; `languages` are folders with a 404 page of their own."""
    said = headers(compiles).items()
    netlify = "/*\n" + "".join(f"  {name}: {value}\n" for name, value in said)
    apache = "\n".join(
        [
            "ErrorDocument 404 /404.html",
            *(
                f'<If "%{{REQUEST_URI}} =~ m#^/{code}/#">\n  ErrorDocument 404 /{code}/404.html\n</If>'
                for code in languages
            ),
            "AddCharset utf-8 .txt",
            "<IfModule mod_headers.c>",
            *(f'  Header always set {name} "{value}"' for name, value in said),
            "</IfModule>",
            "<IfModule mod_deflate.c>",
            "  AddOutputFilterByType DEFLATE text/html text/css text/javascript text/plain",
            "  AddOutputFilterByType DEFLATE application/json application/xml text/xml image/svg+xml",
            "</IfModule>\n",
        ]
    )
    return {"_headers": netlify, ".htaccess": apache}
