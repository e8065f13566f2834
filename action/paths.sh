#!/usr/bin/env bash
# To be sourced by what the steps run: which paths they are about, and the key of this set of paths, since a job may review several.
mapfile -t paths < <(printf '%s\n' "$PATHS" | sed '/^[[:space:]]*$/d')
key=
if [ "${#paths[@]}" -gt 0 ]; then key=$(printf '%s\n' "${paths[@]}" | sha256sum | cut -c 1-12); fi
