#!/usr/bin/env bash
# Unpacks clients that are newer than this machine's release into node_modules/.cache/newer-clients: OpenSSH (10.1 and
# later warn of what is not post-quantum) and Dropbear with the libraries they need, and ssh-audit, which must know the
# algorithms. Nothing is installed. The packages are those of Debian's next release, from where this machine gets its own.
set -euo pipefail
folder="$(cd "$(dirname "$0")/../.." && pwd)/node_modules/.cache/newer-clients"
[ -x "$folder/ssh-audit" ] && exit 0

source=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Origin: Debian' |
  awk '$2 !~ /-/ { print $1; exit }')
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -n "$source" ] && [ -f "$keyring" ] || { echo "$0: this machine has no packages of Debian" >&2; exit 1; }

# An apt of its own, for which nothing is installed yet: so libc and all other libraries come along.
rm -rf "$folder"
mkdir -p "$folder"/apt/lists/partial "$folder"/apt/archives/partial "$folder"/root
echo "deb [signed-by=$keyring] $source testing main" >"$folder/apt/sources.list"
: >"$folder/apt/status"
own=(-q -o Dir::Etc::SourceList="$folder/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State="$folder/apt" -o Dir::State::Status="$folder/apt/status" -o Dir::Cache="$folder/apt"
  -o APT::Sandbox::User=root)
apt-get "${own[@]}" update
apt-get "${own[@]}" install -y --download-only --no-install-recommends openssh-client dropbear-bin
(cd "$folder/apt/archives" && apt-get "${own[@]}" download ssh-audit) # only it: this machine has a Python
for package in "$folder"/apt/archives/*.deb; do dpkg-deb --extract "$package" "$folder/root"; done
rm -rf "$folder/apt"

program() { printf '#!/bin/sh\nexec %s "$@"\n' "$2" >"$folder/$1" && chmod +x "$folder/$1"; }
loader=$(find "$folder/root/usr/lib" -name 'ld-linux-*.so.*' -print -quit)
for name in ssh sftp dbclient dropbearconvert; do
  program "$name" "'$loader' --library-path '$(dirname "$loader")' '$folder/root/usr/bin/$name'"
done
"$folder/ssh" -V
program ssh-audit "env PYTHONPATH='$folder/root/usr/lib/python3/dist-packages' python3 -m ssh_audit.ssh_audit"
