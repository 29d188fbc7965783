#!/usr/bin/env bash
# Installs the system libraries that wheels do not bring (Debian 12, Ubuntu 22.04 and newer).
#   system_libraries.sh run    what the program needs
#   system_libraries.sh test   also a virtual display, PostgreSQL and a Chinese font
#   system_libraries.sh bench  also what the programs need that ours is measured beside
# Where nobody is root and sudo is absent it prints the one line to run, and fails.
set -euo pipefail

run=(libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0
     libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-image0 libxcb-render-util0
     libgomp1 libusb-1.0-0 libvulkan1 mesa-vulkan-drivers fonts-wqy-microhei python3-venv)
test_only=(xvfb xdotool postgresql)
bench_only=(libxcb-xinerama0)

wanted=("${run[@]}")
[ "${1:-run}" != run ] && wanted+=("${test_only[@]}")
[ "${1:-run}" = bench ] && wanted+=("${bench_only[@]}")

command -v dpkg-query >/dev/null || exit 0  # another system: `annotator doctor` says what it lacks

missing=()
for package in "${wanted[@]}"; do
    # Ubuntu 24.04 and Debian 13 renamed some libraries for 64-bit time.
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        dpkg-query -W -f='${Status}' "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
        missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "System libraries are missing. Run this line, then try again:" >&2
    echo "  sudo apt-get update && sudo $install" >&2
    exit 1
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" $install >/dev/null
