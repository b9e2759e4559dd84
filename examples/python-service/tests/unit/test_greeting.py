import pytest

from service.greeting import greeting


def test_greets_by_name(monkeypatch):
    monkeypatch.delenv("GREETING", raising=False)
    assert greeting(" Ada ") == "Hello, Ada!"


def test_uses_the_configured_words(monkeypatch):
    monkeypatch.setenv("GREETING", "Salut")
    assert greeting("Ada") == "Salut, Ada!"


def test_refuses_to_greet_nobody():
    with pytest.raises(ValueError):
        greeting("  ")
