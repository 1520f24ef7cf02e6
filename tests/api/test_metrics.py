"""What the service did can be read by Prometheus."""

import httpx


def _value(text: str, name: str) -> float:
    lines = [line for line in text.splitlines() if line.startswith(name)]
    return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0


def test_questions_are_counted_by_what_became_of_them(client: httpx.Client) -> None:
    before = client.get("/metrics")
    assert before.headers["content-type"].startswith("text/plain; version=0.0.4")
    client.post("/v1/ask", json={"question": "双鸭山金秋助学筹了多少钱"})
    client.post("/v1/ask", json={"question": "株洲金秋助学筹了多少钱"})
    after = client.get("/metrics").text
    for status in ("answered", "not_found"):
        name = f'unionqa_questions_total{{status="{status}"}}'
        assert _value(after, name) == _value(before.text, name) + 1
    assert _value(after, "unionqa_articles") >= 5
    assert _value(after, 'unionqa_answer_seconds_count{step="total"}') >= 2
    assert "双鸭山" not in after
