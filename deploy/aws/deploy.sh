#!/bin/bash
# Builds a release, uploads it, and makes or updates the fleet with it:
#
#   deploy/aws/deploy.sh cards Vpc=vpc-1 BalancerSubnets=subnet-1,subnet-2 NodeSubnets=subnet-3,subnet-4 …
#
# The first word names the stack; the rest are parameters of cardstore.yaml, which later runs remember. RELEASE names
# an archive of package.sh to use instead of building one: that is also the way back to an older release.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
endpoint=${CARDSTORE_AWS_ENDPOINT:-}
# What Amazon Linux 2023 has. A program that was built on a newer system would not start there.
newest_glibc=2.34

aws() { command aws ${endpoint:+--endpoint-url "$endpoint"} "$@"; }

stack=${1:?"the name of the stack, then Name=value for its parameters"}
shift
# It becomes the name of the balancer, and that a part of the origin that browsers send.
if [[ ! $stack =~ ^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$ || $stack == internal-* ]]; then
  echo "$stack: a stack is named by up to 32 small letters, digits and dashes" >&2
  exit 1
fi

archive=${RELEASE:-$("$here/../package.sh")}
sha256=$(sha256sum "$archive" | cut -d ' ' -f 1)
needed=$(tar --extract --gzip --to-stdout --file "$archive" ./cardstore | grep -aoE 'GLIBC_2\.[0-9]+' |
  cut -d _ -f 2 | sort --version-sort | tail -n 1 || true)
if [[ $(printf '%s\n' "$newest_glibc" "$needed" | sort --version-sort | tail -n 1) != "$newest_glibc" ]]; then
  echo "built for glibc $needed, but the machines have $newest_glibc; build on an older system, such as Debian 12" >&2
  exit 1
fi

account=$(aws sts get-caller-identity --query Account --output text)
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(command aws configure get region)}}
bucket=${RELEASE_BUCKET:-cardstore-releases-$account-$region}
if ! aws s3api head-bucket --bucket "$bucket" 2>/dev/null; then
  aws s3 mb "s3://$bucket" --region "$region"
fi
aws s3 cp --only-show-errors "$archive" "s3://$bucket/releases/$sha256.tar.gz"
echo "release $sha256"

aws cloudformation deploy --region "$region" --stack-name "$stack" --template-file "$here/cardstore.yaml" \
  --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
  --parameter-overrides "ReleaseBucket=$bucket" "ReleaseSha256=$sha256" "$@"
aws cloudformation describe-stacks --region "$region" --stack-name "$stack" \
  --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output text
