#!/bin/sh
# Makes a git repository in the folder $1, in which a branch changes a policy: what docs/cli.md shows.
. "$PWD/docs/example-repository.sh"
cat > policyc.toml <<END
policies = ["b2b.policy"]
as-of = 2024-03-01

[review]
leads = "leads.csv"
END
committed Ann 2026-01-12 "The agreement of January"
git switch --quiet --create fewer-small-deals
sed -i.old 's/deal_size >= \$100k/deal_size >= $150k/' b2b.policy
