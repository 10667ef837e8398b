@echo off
rem Opens the page of landcheck in the browser of this machine; Ctrl-C in this window ends it.
setlocal
cd /d "%~dp0"
if not exist landcheck-env\Scripts\landcheck.exe (
  echo landcheck is not installed here: run install.cmd first.
  pause
  exit /b 1
)
landcheck-env\Scripts\landcheck serve
pause
