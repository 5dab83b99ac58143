"""Small PDF files, written by hand: a page of plain lines."""

A4 = "0 0 595 842"


def pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """One page with a title and lines of text; the same text gives the same bytes."""
    shown = "".join(f"({_escape(line)}) ' " for line in lines)
    stream = f"BT /F1 18 Tf 22 TL 60 770 Td ({_escape(title)}) Tj /F1 11 Tf 0 -14 Td {shown}ET"
    page = f"/Type /Page /Parent 2 0 R /MediaBox [{A4}] /Contents 4 0 R"
    font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"
    content = stream.encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {page} /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        f"<< {font} >>".encode(),
    )
    written, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(written))
    )


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
