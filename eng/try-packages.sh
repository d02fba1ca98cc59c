#!/usr/bin/env bash
# Packs the libraries and uses them from a program outside the repository, as those who install them do.
# With --tool the command line is packed and installed too, which takes minutes.
# Packs what was built before: CONFIGURATION names the build, Debug unless given.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
feed="$scratch/feed"

for project in Hypercompress.Models Hypercompress Hypercompress.Extensions.AI; do
  dotnet pack "$root/src/$project" --no-build -c "${CONFIGURATION:-Debug}" -o "$feed" -v q
done

# Packages of others are taken from the usual folder; ours must not stay there.
cat > "$scratch/nuget.config" << EOF
<configuration>
  <config><add key="globalPackagesFolder" value="$scratch/packages" /></config>
  <packageSources><add key="local" value="$feed" /></packageSources>
  <fallbackPackageFolders><add key="usual" value="${NUGET_PACKAGES:-$HOME/.nuget/packages}" /></fallbackPackageFolders>
</configuration>
EOF
version=$(ls "$feed" | sed -n 's/^Hypercompress\.\([0-9].*\)\.nupkg$/\1/p')

mkdir "$scratch/consumer"
cat > "$scratch/consumer/Consumer.csproj" << EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Hypercompress" Version="$version" />
    <PackageReference Include="Hypercompress.Extensions.AI" Version="$version" />
    <PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />
  </ItemGroup>
</Project>
EOF
cat > "$scratch/consumer/Program.cs" << 'EOF'
using System.Diagnostics;
using System.Reflection;
using Hypercompress;
using Hypercompress.Extensions.AI;
using Hypercompress.Models.Generation;
using TorchSharp;

using TextModel model = TextModel.Open(args[0], threads: 1);
await foreach (string piece in model.ContinueAsync("Once upon a time", new SamplingOptions { MaxTokens = 16 }))
{
    Console.Write(piece);
}

Console.WriteLine();
using var client = new TextEngineChatClient(model);
using torch.Tensor twice = torch.ones(2) * 2.0;
bool keepsLifetimes = typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled;
return twice.sum().item<float>() == 4 && keepsLifetimes ? 0 : 1;
EOF
dotnet run --project "$scratch/consumer" -- "$root/src/Hypercompress.Cli/BuiltIn"
# What no phone and no debugger of native code needs stays out.
if find "$scratch/consumer/bin" \( -name '*.aar' -o -name 'libSkiaSharp.pdb' -o -name '*.xcframework.zip' \) | grep -q .; then
  echo "files for other systems were copied" >&2
  exit 1
fi

# What cannot work is refused in words, before it is built.
refuses() {
  local code=$1
  shift
  if output=$(dotnet build "$scratch/consumer" -v q "$@" 2>&1) || ! grep -q "error $code" <<< "$output"; then
    echo "not refused with $code: $*" >&2
    exit 1
  fi
}
refuses HC0001 --no-restore -p:PublishTrimmed=true
refuses HC0002 -r linux-arm64 -p:UseAppHost=false

if [ "${1:-}" = --tool ]; then
  dotnet pack "$root/src/Hypercompress.Cli" -o "$feed" -v q
  (cd "$scratch" && dotnet tool install Hypercompress.Cli --version "$version" --tool-path "$scratch/tool")
  "$scratch/tool/hypercompress" generate --prompt "Once upon a time" --max-tokens 16
  ls -l "$feed" | awk '{ print $5, $9 }'
fi
echo "the packages work"
