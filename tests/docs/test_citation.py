"""CITATION.cff has what CFF 1.2.0 asks for and says what the project says."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from docs.markdown import text_of

REQUIRED = {"cff-version", "message", "title", "authors"}
# of the keys that CFF 1.2.0 allows at the top, those a piece of software may want
ALLOWED = REQUIRED | {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords"),
    *("license", "preferred-citation", "references", "repository-code", "type", "url", "version"),
}
ENTITY = {"name", "address", "alias", "city", "country", "email", "orcid", "website"}


@pytest.fixture(scope="module")
def citation() -> dict:
    return yaml.safe_load(text_of("CITATION.cff"))


def test_the_keys_are_those_of_the_format(citation) -> None:
    assert REQUIRED <= citation.keys() <= ALLOWED
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")
    assert all(isinstance(word, str) for word in citation["keywords"])


def test_authors_are_entities_with_a_name(citation) -> None:
    assert [author["name"] for author in citation["authors"]] == ["traincost authors"]
    assert all(author.keys() <= ENTITY for author in citation["authors"])


def test_version_and_licence_are_the_projects(citation) -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]


def test_the_changelog_names_the_version_or_that_it_is_coming(citation) -> None:
    text = text_of("CHANGELOG.md")
    assert text.index("## [Unreleased]") < text.index(citation["version"])
