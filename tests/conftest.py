"""What the whole test run shares: it says at its end when the browser tests did not run."""


def pytest_terminal_summary(terminalreporter):
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "no browser: " in str(report.longrepr)]
    if skipped:
        terminalreporter.write_sep("=", "browser tests")
        terminalreporter.write_line(
            f"{len(skipped)} browser tests did not run, because no Chromium or Chrome was found. Install one "
            "(Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask google-chrome) or name it: "
            "BROWSER=/path/to/chromium. With BROWSER_REQUIRED=1 a missing browser fails the run."
        )
