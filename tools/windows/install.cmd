@echo off
rem Installs landcheck from the wheels beside this file, without the internet. Needs Python 3.12, 64 bit.
setlocal
cd /d "%~dp0"
py -3.12 -m venv landcheck-env
if errorlevel 1 (
  echo Python 3.12, 64 bit, was not found: install it first, then run this file again.
  pause
  exit /b 1
)
landcheck-env\Scripts\python -m pip install --no-index --find-links wheels "landcheck[web,pdf]"
if errorlevel 1 (
  echo The installation failed; nothing else was changed. The lines above say why.
  pause
  exit /b 1
)
landcheck-env\Scripts\landcheck --version
echo Installed. Next: start.cmd
pause
