# Part of both scripts named `flowline`: messages and the search for a JDK.

# Standard error may be closed; nothing is printed then, and no file that is opened takes its place.
(: >&2) || exec 2>/dev/null

say() { printf 'flowline: %s\n' "$*" >&2; }

# Refuses a folder with a colon in its name, which a class path cannot contain.
refuse_colon() {
  case $1 in *:*) say "the folder $1 has a colon in its name, which a class path cannot hold; move it" && return 1 ;; esac
}

# Sets `version` to the version of the JDK in the folder $1: from its `release` file, which is fast, or from java.
version_of() {
  version= && [ -x "$1/bin/java" ] || return 0
  while IFS='="' read -r key _ value _; do # reads byte by byte: stops before the long lines
    [ "$key" != JAVA_VERSION ] || { version=$value && break; }
  done 2>/dev/null <"$1/release" || :
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
}

# Exports JAVA_HOME: the first JDK 25 or newer with bin/$1 of JAVA_HOME, the PATH and the usual folders.
find_jdk() {
  on_path=$(command -v java || :)
  [ -z "$on_path" ] || on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
  for jdk in "${home:-}/jre" "${JAVA_HOME:-}" "${on_path%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$jdk" ] && [ -x "$jdk/bin/$1" ] && version_of "$jdk" && major=${version%%[!0-9]*} || continue
    if [ "${major:-0}" -ge 25 ]; then
      JAVA_HOME=$jdk && export JAVA_HOME
      return
    fi
  done
  for install in 'apt-get:sudo apt-get install openjdk-25-jdk' 'dnf:sudo dnf install java-25-openjdk-devel' 'brew:brew install openjdk@25' \
    'pacman:sudo pacman -S jdk-openjdk' 'apk:sudo apk add openjdk25' 'sdk:sdk install java 25-tem' ':download it from https://adoptium.net'; do
    [ -n "${install%%:*}" ] && ! command -v "${install%%:*}" >/dev/null || break
  done
  say "no JDK 25 or newer found; install one (${install#*:}), or set JAVA_HOME to it"
  return 1
}
