using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using Hypercompress.Tests.Pipeline;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Artifacts;

public sealed class ArtifactVerifierTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private readonly ArtifactVerifier _verifier = new(new BranchRegistry().CreateCatalog());

    [Fact]
    [NoTensorLeaks]
    public void Verify_OfWhatWasWritten_Holds()
    {
        ImmutableArray<VerificationCheck> checks = _verifier.Verify(tiny.Artifact);

        Assert.All(checks, check => Assert.True(check.Ok, $"{check.Name}: {check.Detail}"));
        Assert.Equal(
            ["manifest", "other files", "weight bytes", "probe logits", "tensors load"],
            checks.Select(check => check.Name).Where(name => !File.Exists(Path.Combine(tiny.Artifact, name))));
    }

    [Fact]
    public void Verify_WithAnyByteOfAnEssentialFileChanged_Fails()
    {
        string folder = tiny.Copy(tiny.Artifact, "flipped");
        string[] essential = [.. EssentialFiles(folder)];
        Assert.Equal(7, essential.Length);
        foreach (string file in essential.Append(Path.Combine(folder, ArtifactManifest.FileName)))
        {
            byte[] content = File.ReadAllBytes(file);
            int length = content.Length;
            foreach (int offset in new[] { 0, 1, length / 3, length / 2, length - 2, length - 1 })
            {
                foreach (byte change in new byte[] { 1, 0x20, 0x80 })
                {
                    content[offset] ^= change;
                    File.WriteAllBytes(file, content);
                    AssertFails(folder, $"{Path.GetFileName(file)} at {offset}");
                    content[offset] ^= change;
                }
            }

            File.WriteAllBytes(file, content);
        }

        Assert.All(_verifier.Verify(folder), check => Assert.True(check.Ok, check.Detail));
    }

    [Fact]
    public void Verify_WithAnyByteOfTheManifestChanged_Fails()
    {
        string folder = tiny.Copy(tiny.Artifact, "manifest");
        string file = Path.Combine(folder, ArtifactManifest.FileName);
        byte[] content = File.ReadAllBytes(file);
        for (int offset = 0; offset < content.Length; offset += 3)
        {
            content[offset] ^= 1;
            File.WriteAllBytes(file, content);
            AssertFails(folder, $"manifest at {offset}");
            content[offset] ^= 1;
        }
    }

    [Fact]
    public void Verify_WithAFileMissingOrCut_NamesIt()
    {
        string folder = tiny.Copy(tiny.Artifact, "missing");
        foreach (string file in EssentialFiles(folder))
        {
            byte[] content = File.ReadAllBytes(file);
            File.Delete(file);
            Assert.Equal("is missing", Assert.Single(AssertFails(folder, file)).Detail);
            File.WriteAllBytes(file, content[..^1]);
            Assert.Equal(Path.GetFileName(file), Assert.Single(AssertFails(folder, file)).Name);
            File.WriteAllBytes(file, content);
        }

        File.Delete(Path.Combine(folder, ArtifactManifest.FileName));
        VerificationCheck check = Assert.Single(AssertFails(folder, "manifest"));
        Assert.Contains("is this an artifact?", check.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("model.safetensors.index.json")]
    [InlineData("chat_template.jinja")]
    [InlineData("more.safetensors")]
    public void Verify_WithAnotherFileThatAModelIsReadFrom_Fails(string name)
    {
        string folder = tiny.Copy(tiny.Artifact, $"extra-{name}");
        File.WriteAllText(Path.Combine(folder, name), "surprise");

        Assert.Contains(name, Assert.Single(AssertFails(folder, "extra")).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".gitattributes")]
    [InlineData("images/loss.png")]
    [InlineData("a/b/model.safetensors")]
    public void Verify_WithAnyOtherFile_ListsItAndHolds(string name)
    {
        string folder = tiny.Copy(tiny.Artifact, $"added-{Guid.NewGuid():N}");
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "added");

        ImmutableArray<VerificationCheck> checks = _verifier.Verify(folder);

        Assert.All(checks, check => Assert.True(check.Ok, $"{check.Name}: {check.Detail}"));
        Assert.Equal($"added: {name}", checks.Single(check => check.Name == "other files").Detail);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("report.json")]
    public void Verify_WithAnEditedText_ListsItAndHolds(string name)
    {
        string folder = tiny.Copy(tiny.Artifact, $"edited-text-{name}");
        File.AppendAllText(Path.Combine(folder, name), "\nmine\n");
        VerificationCheck edited = Assert.Single(_verifier.Verify(folder), check => check.Name == name);
        Assert.True(edited.Ok);
        Assert.StartsWith("changed: ", edited.Detail, StringComparison.Ordinal);

        File.Delete(Path.Combine(folder, name));
        VerificationCheck missing = Assert.Single(_verifier.Verify(folder), check => check.Name == name);
        Assert.True(missing.Ok);
        Assert.Contains("is missing", missing.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.txt", "train_valid.txt")]
    [InlineData("B.txt", "a.txt")]
    [InlineData("co-op.txt", "coop.txt")]
    [InlineData("Äpfel.txt", "Zucker.txt")]
    public void Verify_WithDataOfAnyNames_Holds(string first, string second)
    {
        string folder = tiny.Copy(tiny.Artifact, $"data-{Guid.NewGuid():N}");
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        // As the text of a run is hashed: in ordinal order.
        var data = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add(first, new string('0', 64)).Add(second, new string('1', 64));
        (manifest with { Data = data }).Write(folder);
        foreach (string culture in new[] { "", "de-DE", "sv-SE" })
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.All(_verifier.Verify(folder), check => Assert.True(check.Ok, $"{check.Name}: {check.Detail}"));
        }
    }

    [Fact]
    public void Verify_OfTheHostileManifest_IsATypedFailure()
    {
        string folder = tiny.Copy(tiny.Artifact, "hostile");
        foreach (string sample in Directory.GetFiles(SharedFiles.Require("cases"), "manifest-crash-*"))
        {
            File.Copy(sample, Path.Combine(folder, ArtifactManifest.FileName), overwrite: true);
            Assert.Equal("manifest", Assert.Single(AssertFails(folder, sample)).Name);
        }
    }

    [Theory]
    [InlineData("\"seed\": 0", "\"seed\": 1e999")]
    [InlineData("\"weight_bytes\": ", "\"weight_bytes\": 99999999999999999999")]
    [InlineData("\"bytes\": ", "\"bytes\": -1e400")]
    [InlineData("\"ids\": [", "\"ids\": [1e999,")]
    [InlineData("\"last_logits\": {", "\"last_logits\": {\"1\": 1e999,")]
    [InlineData("\"last_logits\": {", "\"last_logits\": {\"x\": 1,")]
    [InlineData("\"data\": {", "\"data\": {\"a\": \"b\", \"a\": \"c\",")]
    [InlineData("\"data\": {", "\"data\": null, \"was\": {")]
    [InlineData("\"files\": [", "\"files\": null, \"was\": [")]
    public void Read_OfAManifestWithExtremeValues_IsATypedFailure(string found, string replacement)
    {
        string folder = tiny.Copy(tiny.Artifact, $"extreme-{Guid.NewGuid():N}");
        string file = Path.Combine(folder, ArtifactManifest.FileName);
        string content = File.ReadAllText(file);
        Assert.Contains(found, content, StringComparison.Ordinal);
        File.WriteAllText(file, content.Replace(found, replacement, StringComparison.Ordinal));

        Assert.Equal("manifest", Assert.Single(AssertFails(folder, found)).Name);
        Assert.Throws<CheckpointException>(
            () => OpenModel.Open(folder, new BranchRegistry().CreateCatalog()).Dispose());
    }

    [Theory]
    [InlineData("ec79228162514264337593543950335")]
    [InlineData("f123456789012345678901234567890")]
    [InlineData("int4-g99999999999999999999")]
    public void Open_WithAnExtremeNumberFormat_IsATypedFailure(string format)
    {
        string folder = tiny.Copy(tiny.Artifact, $"format-{Guid.NewGuid():N}");
        string file = Path.Combine(folder, ArtifactLayout.Config);
        JsonObject config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach ((string _, JsonNode? site) in config[ArtifactLayout.Section]!["sites"]!.AsObject())
        {
            foreach (string block in site!["formats"]!.AsObject().Select(pair => pair.Key).ToArray())
            {
                site["formats"]![block] = format;
            }
        }

        File.WriteAllText(file, config.ToJsonString());

        Assert.Throws<CheckpointException>(
            () => OpenModel.Open(folder, new BranchRegistry().CreateCatalog()).Dispose());
    }

    [Theory]
    [InlineData("\"seed\": 0", "\"seed\": 1")]
    [InlineData("\"version\": 1", "\"version\": 1.0")]
    [InlineData("\"threads\": 1", "\"threads\":  1")]
    [InlineData("\"threads\": 1,", "\"threads\": 1, \"more\": 2,")]
    [InlineData("\"files\"", "\"file\"")]
    [InlineData("{", "null")]
    [InlineData("{", "[")]
    [InlineData("{", "")]
    public void Verify_WithAnEditedManifest_Fails(string found, string replacement)
    {
        string folder = tiny.Copy(tiny.Artifact, $"edited-{Guid.NewGuid():N}");
        string file = Path.Combine(folder, ArtifactManifest.FileName);
        string content = File.ReadAllText(file);
        int place = content.IndexOf(found, StringComparison.Ordinal);
        Assert.True(place >= 0);
        File.WriteAllText(file, content[..place] + replacement + content[(place + found.Length)..]);

        Assert.Equal("manifest", Assert.Single(AssertFails(folder, found)).Name);
    }

    [Fact]
    public void Verify_OfChangedWeightsUnderANewManifest_FailsTheProbe()
    {
        string folder = tiny.Copy(tiny.Artifact, "forged-weights");
        string file = Path.Combine(folder, SafetensorsNames.SingleFile);
        using (var scope = NewDisposeScope())
        {
            Dictionary<string, Tensor> tensors;
            using (SafetensorsFile stored = SafetensorsFile.Open(file))
            {
                tensors = stored.Tensors.Keys.ToDictionary(name => name, stored.Read);
            }

            tensors["model.norm.weight"] = tensors["model.norm.weight"] * 2;
            SafetensorsWriter.Write(file, tensors);
        }

        Sign(folder);

        Assert.Equal("probe logits", Assert.Single(AssertFails(folder, "forged")).Name);
    }

    [Fact]
    public void Verify_OfAnotherPlanUnderANewManifest_FailsTheBytes()
    {
        string folder = tiny.Copy(tiny.Artifact, "forged-plan");
        string file = Path.Combine(folder, ArtifactLayout.Plan);
        string plan = File.ReadAllText(file);
        File.WriteAllText(file, plan.Replace("\"fixed_bytes\": ", "\"fixed_bytes\": 1", StringComparison.Ordinal));
        Sign(folder);

        Assert.Equal("weight bytes", Assert.Single(AssertFails(folder, "forged")).Name);
    }

    [Theory]
    [InlineData("config.json", "\"hidden_size\": 32", "\"hidden_size\": 64")]
    [InlineData("config.json", "\"kind\": ", "\"kind\": \"mystery\", \"was\": ")]
    [InlineData("config.json", "\"vectors\": \"f16\"", "\"vectors\": 16")]
    [InlineData("config.json", "\"version\": 1", "\"version\": \"one\"")]
    [InlineData("plan.json", "\"sites\"", "\"cities\"")]
    public void Verify_OfAnEditedDescriptionUnderANewManifest_Fails(string name, string found, string replacement)
    {
        string folder = tiny.Copy(tiny.Artifact, $"described-{Guid.NewGuid():N}");
        string file = Path.Combine(folder, name);
        string content = File.ReadAllText(file);
        Assert.Contains(found, content, StringComparison.Ordinal);
        File.WriteAllText(file, content.Replace(found, replacement, StringComparison.Ordinal));
        Sign(folder);

        AssertFails(folder, found);
    }

    [Fact]
    public void Verify_OfAProbeThatFitsNoModel_Fails()
    {
        string folder = tiny.Copy(tiny.Artifact, "forged-probe");
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        LogitFingerprint[] probes =
        [
            manifest.Probe with { Ids = [] },
            manifest.Probe with { Ids = [-1] },
            manifest.Probe with { Ids = [TinyTokenizer.VocabularySize] },
            manifest.Probe with { Ids = [.. Enumerable.Repeat(1, TinyCheckpoint.Context + 1)] },
            manifest.Probe with { LastLogits = manifest.Probe.LastLogits.Clear() },
            manifest.Probe with { LastLogits = manifest.Probe.LastLogits.Add(TinyTokenizer.VocabularySize, 0) },
        ];
        foreach (LogitFingerprint probe in probes)
        {
            (manifest with { Probe = probe }).Write(folder);
            Assert.Contains("probe", Assert.Single(AssertFails(folder, "probe")).Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Verify_OfAManifestThatPointsElsewhere_Fails()
    {
        string folder = tiny.Copy(tiny.Artifact, "elsewhere");
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        FileEntry first = manifest.Files[0];

        FileEntry elsewhere = first with { Name = $"../elsewhere/{first.Name}" };
        (manifest with { Files = manifest.Files.SetItem(0, elsewhere) }).Write(folder);
        AssertFails(folder, "path");
        (manifest with { Files = manifest.Files.SetItem(0, null!) }).Write(folder);
        AssertFails(folder, "null");
    }

    [Fact]
    public void Open_WithoutTheBranchesForm_NamesTheKind()
    {
        string folder = tiny.Copy(tiny.Artifact, "unknown-form");
        string file = Path.Combine(folder, ArtifactLayout.Config);
        string config = File.ReadAllText(file);
        File.WriteAllText(file, config.Replace("\"kind\": \"", "\"kind\": \"mystery-", StringComparison.Ordinal));

        var failure = Assert.Throws<CheckpointException>(
            () => OpenModel.Open(folder, new BranchRegistry().CreateCatalog()).Dispose());

        Assert.Contains("mystery", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> EssentialFiles(string folder) =>
        Directory.GetFiles(folder).Where(file => ArtifactFiles.IsEssential(Path.GetFileName(file)));

    private static void Sign(string folder)
    {
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        using ITensorSource tensors = CheckpointFolder.Open(folder);
        (manifest with
        {
            Files = [.. manifest.Files.Select(file => FileEntry.Of(Path.Combine(folder, file.Name)))],
            TensorHashes = TensorHashes.OfAll(tensors),
        }).Write(folder);
    }

    private VerificationCheck[] AssertFails(string folder, string what)
    {
        VerificationCheck[] failed = [.. _verifier.Verify(folder).Where(check => !check.Ok)];
        Assert.True(failed.Length > 0, $"nothing was found: {what}");
        return failed;
    }
}
