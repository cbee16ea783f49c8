"""The site in WebKit, the engine of every iPhone: read, search, switch, leave, and no error of a script."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from learning_site.model import Site

IN_PAGE = Path(__file__).parent / "in_page"
pytestmark = [
    pytest.mark.browser,
    # Selenium's driver of WebKitGTK calls Selenium in a way that Selenium advises against.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]

HOW = (
    "no second engine for the browser tests: install WebKitGTK's driver and a display without a screen "
    "(Debian: apt-get install webkit2gtk-driver xvfb)"
)
ELEMENT = "elements/conscientization/"
LISTEN = (IN_PAGE / "listen.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A display without a screen; its name."""
    if not shutil.which("WebKitWebDriver") or not shutil.which("Xvfb"):
        if os.environ.get("CI"):
            pytest.fail(HOW, pytrace=False)
        pytest.skip(HOW)
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
        server.terminate()


@pytest.fixture(scope="module")
def root(built: Path, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the site with a listener for errors in every page."""
    folder = tmp_path_factory.mktemp("listening") / "site"
    shutil.copytree(built, folder)
    (folder / "listen.js").write_text(LISTEN, encoding="utf-8")
    changed = 0
    for path in folder.rglob("*.html"):
        whole = path.read_text(encoding="utf-8")
        listening = whole.replace("<title>", '<script src="/listen.js"></script><title>', 1)
        changed += listening != whole
        path.write_text(listening, encoding="utf-8")
    assert changed > 100
    return serve(folder)


@pytest.fixture(scope="module")
def engine(display: str) -> Iterator[webdriver.WebKitGTK]:
    # The place of the driver is given, or Selenium would look for one to download.
    service = webdriver.WebKitGTKService(str(shutil.which("WebKitWebDriver")), env={**os.environ, "DISPLAY": display})
    driver = webdriver.WebKitGTK(service=service, options=webdriver.WebKitGTKOptions())
    yield driver
    driver.quit()


@pytest.fixture
def driver(engine: webdriver.WebKitGTK, root: str) -> Iterator[webdriver.WebKitGTK]:
    """WebKit on the home page with nothing stored; after the test it must not have seen an error."""
    resize(engine, 1280)
    engine.get(root)
    engine.execute_script("localStorage.clear(); sessionStorage.clear()")
    yield engine
    if engine.current_url.startswith(root):
        assert engine.execute_script("return sessionStorage.wrong || ''") == ""


def shown(driver: webdriver.WebKitGTK, what: str) -> WebElement:
    """The first visible element of a kind, as soon as there is one."""
    found = WebDriverWait(driver, 10).until(
        lambda d: next((node for node in d.find_elements(By.CSS_SELECTOR, what) if node.is_displayed()), None),
        f"nothing visible is {what}",
    )
    assert isinstance(found, WebElement)
    return found


def arrived(driver: webdriver.WebKitGTK, address: str) -> None:
    WebDriverWait(driver, 10).until(lambda d: d.current_url.startswith(address), f"never came to {address}")
    WebDriverWait(driver, 10).until(lambda d: d.execute_script("return document.readyState") == "complete")


def resize(driver: webdriver.WebKitGTK, width: int) -> None:
    driver.set_window_size(width, 900)
    WebDriverWait(driver, 10).until(lambda d: d.execute_script("return innerWidth") == width)


def paper(driver: webdriver.WebKitGTK) -> str:
    return str(driver.execute_script("return getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("language", ["", "fr/", "ne/"])
def test_pages_are_read_and_fit(language: str, driver: webdriver.WebKitGTK, root: str) -> None:
    for path in ("", ELEMENT, "cases/mali/", "matrix/", "evidence/", "cards/conscientization/"):
        driver.get(f"{root}{language}{path}")
        assert len(shown(driver, "h1").text) > 3
        for width in (1280, 500):
            resize(driver, width)
            wide = driver.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, (path, width)


def test_the_listener_hears_errors(driver: webdriver.WebKitGTK) -> None:
    driver.execute_script("setTimeout(() => { throw new Error('on purpose'); })")
    WebDriverWait(driver, 5).until(lambda d: "on purpose" in d.execute_script("return sessionStorage.wrong || ''"))
    driver.execute_script("sessionStorage.clear()")


@pytest.mark.parametrize(
    ("language", "typed", "first"),
    [("", "conscientization", ELEMENT), ("fr/", "conscientisation", ELEMENT), ("ne/", "नेपाल", "cases/nepal/")],
)
def test_the_search_answers_and_its_first_result_opens(
    language: str, typed: str, first: str, driver: webdriver.WebKitGTK, root: str
) -> None:
    driver.get(f"{root}{language}about/")
    shown(driver, ".search__field").send_keys(typed)
    waiting = WebDriverWait(
        driver, 10, ignored_exceptions=[StaleElementReferenceException]
    )  # results follow each other
    waiting.until(lambda d: first in (shown(d, ".search__link").get_attribute("href") or ""), f"{first} is not first")
    shown(driver, ".search__link").click()
    arrived(driver, f"{root}{language}{first}")


def test_the_language_switch_keeps_the_page(driver: webdriver.WebKitGTK, root: str) -> None:
    driver.get(f"{root}{ELEMENT}")
    for language in ("ne", "fr"):
        shown(driver, f".header a[hreflang={language}]").click()
        arrived(driver, f"{root}{language}/{ELEMENT}")
        assert driver.execute_script("return document.documentElement.lang") == language


def test_the_chosen_colours_stay_on_the_next_page(driver: webdriver.WebKitGTK, root: str) -> None:
    before = paper(driver)
    shown(driver, ".scheme").click()
    assert paper(driver) != before
    driver.get(f"{root}{ELEMENT}")
    assert paper(driver) != before
    shown(driver, ".scheme").click()
    assert paper(driver) == before


def test_the_menu_opens_on_a_narrow_window(driver: webdriver.WebKitGTK, root: str) -> None:
    driver.get(f"{root}{ELEMENT}")
    resize(driver, 500)
    assert not driver.find_element(By.CSS_SELECTOR, ".menu nav").is_displayed()
    shown(driver, ".menu summary").click()
    shown(driver, ".menu nav a[href*='cases/']").click()
    arrived(driver, f"{root}cases/")


def test_a_term_shows_its_definition(driver: webdriver.WebKitGTK, root: str) -> None:
    driver.get(f"{root}{ELEMENT}")
    definition = driver.find_element(By.CSS_SELECTOR, ".term__definition")
    assert not definition.is_displayed()
    driver.execute_script("document.querySelector('.term__word').focus()")
    assert definition.is_displayed()
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert not definition.is_displayed()


@pytest.mark.parametrize("way", ["click", "Shift three times"])
def test_a_sensitive_page_is_left_and_not_come_back_to(
    way: str, real_site: Site, driver: webdriver.WebKitGTK, root: str
) -> None:
    element_id = next(name for name in real_site.elements if real_site.subjects("elements", name))
    driver.get(f"{root}elements/{element_id}/")
    link = shown(driver, ".exit a")
    assert (link.get_attribute("href") or "").startswith("https://")
    driver.execute_script("arguments[0].href = arguments[1]", link, f"{root}about/")  # no network in a test
    if way == "click":
        link.click()
    else:
        for _ in range(3):
            ActionChains(driver).key_down(Keys.SHIFT).key_up(Keys.SHIFT).perform()
    arrived(driver, f"{root}about/")
    driver.back()
    arrived(driver, root)
    assert element_id not in driver.current_url
