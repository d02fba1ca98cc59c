using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;
using Hypercompress.Models.Packages;

namespace Hypercompress.Models.Tests.Hub;

public sealed class HubModelsTests : IDisposable
{
    private const string Model = "owner/tiny";

    private readonly ScratchFolder _scratch = new();
    private readonly FakeHub _hub = new(Model);

    public HubModelsTests()
    {
        foreach (var (name, content) in new[]
                 {
                     ("config.json", """{"model_type":"llama"}"""), ("README.md", "x"), ("tokenizer.json", "{}"),
                     ("pytorch_model.bin", "pickled"), ("onnx/model.onnx", "x"),
                 })
        {
            _hub.Files[name] = Encoding.UTF8.GetBytes(content);
        }

        _hub.Files["model.safetensors"] = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        _hub.Large.Add("model.safetensors");
    }

    private string Root => _scratch.Of("cache/models--owner--tiny");

    private string Snapshot => Path.Combine(Root, "snapshots", FakeHub.Commit);

    public void Dispose()
    {
        _hub.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Download_WholeModel_FillsTheCacheAsTheHubsToolsDo()
    {
        var reports = new List<HubProgress>();
        string folder = Models().Download(Id(), new Recorder(reports), TestContext.Current.CancellationToken);

        Assert.Equal(Snapshot, folder);
        Assert.Equal(
            ["config.json", "model.safetensors", "tokenizer.json"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Root, "refs", "main")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Root, "blobs")).Length);
        Assert.StartsWith(
            Path.Combine("..", "..", "blobs"),
            new FileInfo(Path.Combine(folder, "config.json")).LinkTarget,
            StringComparison.Ordinal);
        Assert.Equal(reports[^1].TotalSize, reports[^1].TotalBytes);
        Assert.Equal("tiny", HubCache.ModelName(folder));

        // What is there is used without a word to the Hub.
        _hub.Requests.Clear();
        Assert.Equal(folder, Models().Find(Id()));
        Assert.Equal(folder, Models().Find(Id("@" + FakeHub.Commit)));
        Assert.Empty(_hub.Requests);
        Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(_hub.Requests, request => request.IsStorage);
    }

    [Fact]
    public void Download_Revision_IsNotedUnderItsName()
    {
        Models().Download(Id("@v1"), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Root, "refs", "v1")));
        Assert.Equal(Snapshot, Models().Find(Id("@v1")));
        Assert.Throws<CheckpointException>(() => Models().Find(Id()));
        AssertRefused("has no revision 'v2'", () => Models().Download(Id("@v2")));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/x")]
    public void Download_RedirectToAnotherKindOfAddress_IsRefused(string address)
    {
        _hub.RedirectsTo = address;
        AssertRefused("is not an http address", () => Models().Download(Id()));
    }

    [Fact]
    public void Download_BrokenOff_GoesOnWhereItWas()
    {
        _hub.BreakOffs.Enqueue(100_000);
        _hub.BreakOffs.Enqueue(50_000);
        Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(
            [0, 100_000, 150_000],
            _hub.Requests.Where(request => request.IsStorage).Select(request => request.Range));
        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Theory]
    [InlineData(false, new long[] { 120_000 })]
    [InlineData(true, new long[] { 120_000 })]
    public void Download_PartOfAnEarlierTry_IsGoneOnWith(bool ignoresRange, long[] asked)
    {
        for (int i = 0; i < 3; i++)
        {
            _hub.BreakOffs.Enqueue(i == 0 ? 120_000 : 0);
        }

        _hub.BreakOffs.Enqueue(0);
        AssertRefused("breaks off after 120000 of 300000", () => Models().Download(Id()));
        Assert.Throws<CheckpointException>(() => Models().Find(Id()));
        string part = Directory.GetFiles(Path.Combine(Root, "blobs"), "*.incomplete").Single();
        Assert.Equal(120_000, new FileInfo(part).Length);

        _hub.Requests.Clear();
        _hub.IgnoresRange = ignoresRange;
        Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(asked, _hub.Requests.Where(request => request.IsStorage).Select(request => request.Range));
        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Theory]
    [InlineData("model.safetensors", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("config.json", "0000000000000000000000000000000000000000")]
    public void Download_OtherContentThanPromised_IsRefusedAndForgotten(string name, string etag)
    {
        _hub.Etags[name] = etag;
        AssertRefused($"{Model}/{name}: was damaged on the way", () => Models().Download(Id()));
        Assert.Throws<CheckpointException>(() => Models().Find(Id()));
        _hub.Etags.Clear();
        Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Snapshot, Models().Find(Id()));
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("")]
    public void Download_ChecksumThatIsNoName_IsRefused(string etag)
    {
        _hub.Etags["config.json"] = etag;
        AssertRefused("no checksum and size", () => Models().Download(Id()));
    }

    [Theory]
    [InlineData(401, null, "private or gated, or there is no such model")]
    [InlineData(403, "GatedRepo", "is gated: accept its conditions at")]
    [InlineData(403, null, "may not be read")]
    [InlineData(404, null, "is not there")]
    [InlineData(500, null, "answers 500")]
    public void Download_Refused_SaysWhyAndWhatToDo(int status, string? code, string part)
    {
        _hub.Refusal = (status, code);
        CheckpointException error = AssertRefused(part, () => Models().Download(Id()));
        Assert.StartsWith(Model, error.Message, StringComparison.Ordinal);
        if (status is 401 or 403)
        {
            Assert.Contains("set HF_TOKEN", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Download_Token_IsSentToTheHubAlone()
    {
        Models(token: "secret").Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.All(_hub.Requests, request =>
            Assert.Equal(request.IsStorage ? null : "Bearer secret", request.Authorization));
        Assert.Contains(_hub.Requests, request => request.IsStorage);
    }

    [Fact]
    public void Download_RenamedModel_IsFollowed()
    {
        _hub.FormerModel = "owner/before";
        HubModelId before = HubModelId.TryParse("owner/before")!;
        string folder = Models().Download(before, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(folder, Models().Find(before));
    }

    [Theory]
    [InlineData("file:///etc/hostname")]
    [InlineData("ftp://localhost/model")]
    public void Download_ThatLeadsAwayFromTheWeb_IsRefused(string location)
    {
        (_hub.FormerModel, _hub.FormerModelLocation) = ("owner/before", location);
        CheckpointException fault = Assert.Throws<CheckpointException>(() => Models().Download(
            HubModelId.TryParse("owner/before")!, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("is not an http address", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Download_Shards_AreThoseOfTheIndex()
    {
        _hub.Files.Remove("model.safetensors");
        _hub.Files["model.safetensors.index.json"] =
            """{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors","c":"model-00001-of-00002.safetensors"}}"""u8.ToArray();
        _hub.Files["model-00001-of-00002.safetensors"] = [1];
        _hub.Files["model-00002-of-00002.safetensors"] = [2];
        _hub.Files["model-00003-of-00003.safetensors"] = [3];
        string folder = Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(2, Directory.GetFiles(folder, "*.safetensors").Length);
        var link = new FileInfo(Path.Combine(folder, "model-00002-of-00002.safetensors"));
        File.Delete(Path.Combine(Root, "blobs", Path.GetFileName(link.LinkTarget!)));
        AssertRefused("--download", () => Models().Find(Id()));

        _hub.Files["model.safetensors.index.json"] = """{"weight_map":{"a":"../../x.safetensors"}}"""u8.ToArray();
        AssertRefused("expected a file beside it", () => Models().Download(Id()));
    }

    [Fact]
    public void Download_OtherKinds_AreTorchOrOneGguf()
    {
        _hub.Files.Remove("model.safetensors");
        string folder = Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.True(File.Exists(Path.Combine(folder, "pytorch_model.bin")));
        _hub.Files.Clear();
        AssertRefused("no model that can be read", () => Models().Download(Id()));
        _hub.Files["a.gguf"] = [1];
        string gguf = Models("second").Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["a.gguf"], Directory.GetFiles(gguf).Select(Path.GetFileName));
        Assert.Equal(gguf, Models("second").Find(Id()));
        _hub.Files["b.gguf"] = [1];
        AssertRefused("has 2 .gguf files (a.gguf, b.gguf)", () => Models().Download(Id()));
    }

    [Fact]
    public void Find_NotCached_NamesTheRemedyAndAsksNobody()
    {
        AssertRefused("--download", () => Models().Find(Id()));
        AssertRefused("leave out --offline", () => Models(offline: true).Find(Id()));
        Assert.Throws<ConfigurationException>(() => Models(offline: true).Download(Id()));
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void Download_NobodyThere_SaysSo()
    {
        var settings = new HubSettings(new Uri(_hub.Endpoint), _scratch.Of("cache"), null, Offline: false);
        _hub.Dispose();
        AssertRefused("cannot be fetched from 127.0.0.1", () => new HubModels(settings).Download(Id()));
    }

    [Fact]
    public void Download_Cancelled_LeavesWhatItHas()
    {
        using var stop = new CancellationTokenSource();
        var stopper = new Recorder([], progress =>
        {
            if (progress is { File: "model.safetensors", FileBytes: > 0 })
            {
                stop.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Models().Download(Id(), stopper, stop.Token));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Root, "blobs")));
        Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(_hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Fact]
    public void Download_RealModel_OpensUnderItsName()
    {
        string source = SharedFiles.Require("models/tinystories-656k-hf");
        _hub.Files.Clear();
        _hub.AddFolder(source);
        string folder = Models().Download(Id(), cancellation: TestContext.Current.CancellationToken);
        using ModelPackage package = ModelPackage.Open(folder);
        Assert.Equal("tiny", package.Label);
        Assert.NotNull(package.ReadTokenizer());
    }

    [Theory]
    [InlineData("")]
    [InlineData("@v1")]
    [InlineData("@" + FakeHub.Commit)]
    public void Download_CompressedModel_FetchesAllThatItsManifestLists(string revision)
    {
        ListInManifest("config.json", "README.md", "model.safetensors", "tokenizer.json", "notes.txt");
        string folder = Models().Download(Id(revision), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(
            ["README.md", "config.json", "hypercompress.json", "model.safetensors", "notes.txt", "tokenizer.json"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(folder, Models().Find(Id(revision)));
        File.Delete(Path.Combine(folder, "notes.txt"));
        Assert.Throws<CheckpointException>(() => Models().Find(Id(revision)));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("model.safetensors")]
    public void Download_CompressedModelWithAnotherFile_IsRefusedAndForgotten(string name)
    {
        ListInManifest("config.json", "README.md", "model.safetensors", "tokenizer.json");
        byte[] right = _hub.Files[name];
        _hub.Files[name] = [.. right.Select(value => (byte)(value + 1))];
        AssertRefused(
            "is not the file that hypercompress.json lists", () => Models().Download(Id("@" + FakeHub.Commit)));
        Assert.Throws<CheckpointException>(() => Models().Find(Id("@" + FakeHub.Commit)));

        _hub.Files[name] = right;
        Assert.Equal(
            Snapshot,
            Models().Download(Id("@" + FakeHub.Commit), cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{}", "lists no files")]
    [InlineData("""{"files": [{"name": "../evil", "bytes": 1, "sha256": "00"}]}""", "expected name, bytes and sha256")]
    [InlineData("""{"files": [null]}""", "expected name, bytes and sha256")]
    [InlineData("""{"files": [{"name": "a.bin", "bytes": 1, "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]}""", "lacks a.bin")]
    public void Download_CompressedModelWithABadManifest_IsRefused(string manifest, string part)
    {
        _hub.Files["hypercompress.json"] = Encoding.UTF8.GetBytes(manifest);
        AssertRefused(part, () => Models().Download(Id()));
    }

    private void ListInManifest(params string[] names)
    {
        _hub.Files["notes.txt"] = Encoding.UTF8.GetBytes("notes");
        _hub.Files["hypercompress.json"] = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = 1,
            files = names.Select(name => new
            {
                name,
                bytes = _hub.Files[name].Length,
                sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_hub.Files[name])),
            }),
        });
    }

    private static HubModelId Id(string revision = "") => HubModelId.TryParse(Model + revision)!;

    private static CheckpointException AssertRefused(string part, Action action)
    {
        var error = Assert.Throws<CheckpointException>(action);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        return error;
    }

    private HubModels Models(string cache = "cache", string? token = null, bool offline = false) =>
        new(new HubSettings(new Uri(_hub.Endpoint), _scratch.Of(cache), token, offline));

    private sealed class Recorder(List<HubProgress> reports, Action<HubProgress>? also = null) : IProgress<HubProgress>
    {
        public void Report(HubProgress value)
        {
            reports.Add(value);
            also?.Invoke(value);
        }
    }
}
