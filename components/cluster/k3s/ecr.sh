#!/bin/bash
# Credential provider of the kubelet for ECR: reads a CredentialProviderRequest, answers with the password that the
# node's role gets. It is valid for twelve hours; the kubelet keeps it for six.
set -euo pipefail

registry=$(sed -n 's|.*"image": *"\([^/"]*\)/.*|\1|p')
region=$(cut -d . -f 4 <<<"$registry")
password=$(aws ecr get-login-password --region "$region")
printf '{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderResponse",'
printf '"cacheKeyType":"Registry","cacheDuration":"6h","auth":{"%s":{"username":"AWS","password":"%s"}}}\n' \
  "$registry" "$password"
