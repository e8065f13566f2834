#!/bin/sh
# Makes a git repository in the folder $1, in which a policy has changed a few times: what docs/cli.md shows.
. "$PWD/docs/example-repository.sh"
committed Ann 2026-01-12 "The agreement of January"
sed -i.old 's/deal_size < \$30k/deal_size < $20k/' b2b.policy
committed Ben 2026-02-03 "Private people may spend 20,000"
echo "# agreed on 3 February" >> b2b.policy
committed Ann 2026-02-04 "Say when it was agreed"
git tag v2026.02
sed -i.old 's/deal_size >= \$100k/deal_size >= $150k/' b2b.policy
committed Ben 2026-03-09 "Account executives have too many small deals"
