using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Planning.Files;
using Hypercompress.Sites;

namespace Hypercompress.Artifacts;

/// <summary>Checks that an artifact is what was written: hashes, names, bytes against the plan, logits.</summary>
/// <param name="forms">The forms that can be read.</param>
public sealed class ArtifactVerifier(FormCatalog forms)
{
    // Loading is deterministic; the allowance is for another thread count or processor.
    private const double LogitTolerance = 1e-3;

    /// <summary>Checks an artifact; later checks are left out once one they build on has failed.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>Every check that was made.</returns>
    public ImmutableArray<VerificationCheck> Verify(string folder)
    {
        var checks = ImmutableArray.CreateBuilder<VerificationCheck>();
        ArtifactManifest? manifest = Attempt(checks, "manifest", () => ArtifactManifest.Read(folder));
        if (manifest is null)
        {
            return checks.ToImmutable();
        }

        checks.AddRange(ArtifactFiles.Check(folder, manifest));
        if (checks.All(check => check.Ok))
        {
            CheckContents(folder, manifest, checks);
        }

        return checks.ToImmutable();
    }

    private static T? Attempt<T>(ImmutableArray<VerificationCheck>.Builder checks, string name, Func<T> read)
        where T : class
    {
        try
        {
            T result = read();
            checks.Add(new VerificationCheck(name, true, "readable and unchanged"));
            return result;
        }
        catch (HypercompressException e)
        {
            checks.Add(new VerificationCheck(name, false, e.Message));
            return null;
        }
    }

    private void CheckContents(
        string folder, ArtifactManifest manifest, ImmutableArray<VerificationCheck>.Builder checks)
    {
        Attempt(checks, "tensors load", () =>
        {
            using Artifact artifact = Artifact.Open(folder);
            using DecoderModel model = artifact.Load(forms);
            CheckBytes(folder, manifest, artifact, model, checks);
            double distance = manifest.Probe.Distance(model, Path.Combine(folder, ArtifactManifest.FileName));
            checks.Add(new VerificationCheck(
                "probe logits",
                distance <= LogitTolerance,
                string.Create(
                    CultureInfo.InvariantCulture, $"largest difference {distance:g3}, allowed {LogitTolerance:g3}")));
            return artifact;
        });
    }

    private static void CheckBytes(
        string folder,
        ArtifactManifest manifest,
        Artifact artifact,
        DecoderModel model,
        ImmutableArray<VerificationCheck>.Builder checks)
    {
        Site[] sites = [.. model.Slots.Select(Site.Of)];
        long planned = PlanJson.Load(Path.Combine(folder, ArtifactLayout.Plan), sites).Bytes;
        long counted = model.Slots.Sum(slot => slot.Form().StoredBytes);
        checks.Add(new VerificationCheck(
            "weight bytes",
            artifact.WeightBytes == manifest.WeightBytes && artifact.WeightBytes == planned && counted < planned,
            $"file {artifact.WeightBytes}, manifest {manifest.WeightBytes}, plan {planned}"));
    }
}
