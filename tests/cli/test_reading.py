"""parse-feed and extract-page: one JSON object a line and file, in order; one bad file never stops the others."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

FEED = (
    "<rss version='2.0'><channel><title>Herald</title><item><title>Größe</title><link>https://herald.example/a</link>"
    "<pubDate>Mon, 02 Mar 2026 07:30:00 GMT</pubDate><description>S</description></item></channel></rss>"
)
PAGE = (
    "<html lang='en'><head><title>Head</title><link rel='canonical' href='https://herald.example/a/'></head><body>"
    "<article><h1>Head</h1>"
    + "<p>Some sentences that make an article, one after the other.</p>" * 9
    + "</article></body>"
)


def run(*arguments: str | Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_parse_feed_prints_a_line_per_file_in_order(tmp_path: Path) -> None:
    good, packed, bad, missing = (tmp_path / name for name in ("a.xml", "b.xml.gz", "c.xml", "d.xml"))
    good.write_text(FEED)
    packed.write_bytes(gzip.compress(FEED.encode()))
    bad.write_bytes(b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss>&a;</rss>")
    lines = run("parse-feed", bad, good, missing, packed, tmp_path)
    assert [line["file"] for line in lines] == [str(f) for f in (bad, good, missing, packed, tmp_path)]
    assert [list(line) == ["file", "error"] for line in lines] == [True, False, True, False, True]
    assert "entities" in lines[0]["error"]
    assert "No such file" in lines[2]["error"]
    assert lines[1] == {
        "file": str(good),
        "format": "rss20",
        "title": "Herald",
        "entries": [
            {
                "id": "https://herald.example/a",
                "url": "https://herald.example/a",
                "title": "Größe",
                "published": "2026-03-02T07:30:00+00:00",
                "updated": None,
                "author": None,
                "summary": "S",
                "content": None,
            }
        ],
    }
    assert lines[3] == lines[1] | {"file": str(packed)}


def test_extract_page_prints_a_line_per_file_in_order(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.html", tmp_path / "b.html"
    good.write_text(PAGE)
    bad.write_bytes(b"%PDF-1.7")
    first, second = run("extract-page", good, bad)
    assert list(first) == ["file", "url", "title", "text", "author", "published", "language"]
    assert (first["file"], first["url"], first["title"]) == (str(good), "https://herald.example/a", "Head")
    assert (first["language"], first["author"], first["published"]) == ("en", None, None)
    assert "Some sentences that make an article" in first["text"]
    assert second == {"file": str(bad), "error": "a PDF (no content type)"}
    (named,) = run("extract-page", good, "--url", "https://herald.example/b")
    assert named["url"] == "https://herald.example/b"


def test_a_packed_bomb_is_not_unpacked_h5(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"0" * 50_000_000))
    (line,) = run("parse-feed", bomb)
    assert line["error"] == "more than 5000000 bytes: not read"
