using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Forms;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Planning;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Fuzz;

/// <summary>A reader for every format that the program reads.</summary>
internal static class FuzzReaders
{
    private const string ProbeText = "The cat's 12 345 tokens\n\n  of tèxt, 漢字 <s> and 😀.";

    private static readonly FormCatalog Forms = new BranchRegistry().CreateCatalog();

    private static readonly Dictionary<string, byte[]> ArtifactFiles = new[]
    {
        "config.json", "hypercompress.json", "model.safetensors", "plan.json", "tokenizer.json",
        "tokenizer_config.json",
    }.ToDictionary(name => name, name => Seeds.One("artifact", name));

    /// <summary>All of them, in the order in which they are run.</summary>
    public static IReadOnlyList<FuzzReader> All { get; } =
    [
        .. Texts(), .. Checkpoints(), .. Pickles(), .. Models(), .. Settings(), .. Plans(), .. Artifacts(),
        .. Templates(),
    ];

    private static IEnumerable<FuzzReader> Texts()
    {
        yield return new("text", "input.txt", Seeds.Of("text"), ["\n"], ReadTexts);
        yield return new("csv", "input.csv", Seeds.Of("csv"), [",", "\"", "\"\"", "\r\n", "text"], ReadRows);
        yield return new("tsv", "input.tsv", Seeds.Of("csv"), ["\t", "text", "\r\n"], ReadRows);
        yield return new("jsonl", "input.jsonl", Seeds.Of("jsonl"), ["\"text\"", "\n", "{\"text\": \"x\"}"], ReadRows)
        {
            AcceptsSeeds = false,
        };
        yield return new("json", "input.json", Seeds.Of("json"), ["\"text\"", "[[", "]]"], ReadTextsOrIds);
        yield return new("packed", "input.txt.gz", Seeds.Of("packed"), [], ReadTexts);
        yield return new(
            "packed-lines", "input.jsonl.gz", Seeds.Of("jsonl"), ["\"text\"", "\n"], ReadTexts)
        { Seal = Seals.Gzip };
        yield return new("parquet", "input.parquet", Seeds.Parquet(), [], ReadRows);
    }

    private static IEnumerable<FuzzReader> Checkpoints()
    {
        IReadOnlyList<byte[]> files = Seeds.Of("safetensors");
        yield return new(
            "safetensors", "input.safetensors", files, [], path => ReadTensors(SafetensorsFile.Open(path)));
        yield return new(
            "safetensors-header", "input.safetensors", files, ["\"dtype\"", "\"F16\"", "\"shape\"", "\"data_offsets\""],
            path => ReadTensors(SafetensorsFile.Open(path)))
        {
            AcceptsSeeds = false,
            Open = Seals.SafetensorsHeader,
            Seal = header => Seals.SafetensorsFile(header, files[0]),
        };
        yield return new(
            "index", SafetensorsNames.IndexFile, Seeds.Of("index"), ["\"weight_map\"", "\"../a\"", "\"a\""],
            path => ReadTensors(CheckpointFolder.Open(Path.GetDirectoryName(path)!)))
        {
            Companions = new Dictionary<string, byte[]>
            {
                ["model-00001-of-00002.safetensors"] = files[0],
                ["model-00002-of-00002.safetensors"] = files[1],
            },
        };
        yield return new("gguf", "input.gguf", Seeds.Of("gguf"), [], path => ReadTensors(GgufFile.Open(path)));
        yield return new("gguf-model", "input.gguf", [Seeds.One("gguf", "llama.gguf")], [], ReadGgufModel);
    }

    private static IEnumerable<FuzzReader> Pickles()
    {
        yield return new("torch-zip", "input.pt", Seeds.Of("torch"), [], ReadTorch);
        yield return new("torch-pickle", "input.pt", Seeds.Of("torch"), [], ReadTorch)
        {
            Open = Seals.TorchPickle,
            Seal = Seals.TorchFile,
        };
        yield return new("torch-legacy", "input.pt", Seeds.Of("torch-legacy"), [], ReadTorch);
    }

    private static IEnumerable<FuzzReader> Models()
    {
        yield return new(
            "config", "config.json", Seeds.Of("config"),
            ["\"rope_scaling\"", "\"factor\"", "\"head_dim\"", "0", "2147483647"],
            path => Count(new DecoderLayout(DecoderConfigReader.Parse(JsonFile.ReadObject(path), path))));
        yield return new(
            "tokenizer", "tokenizer.json", Seeds.Of("tokenizer"),
            ["\"type\"", "\"Regex\"", "\"(a+)+$\"", "\"Split\"", "\"vocab\""],
            path => Encode(TokenizerJson.Parse(File.ReadAllBytes(path), path)));
        yield return new(
            "tokenizer-config", "tokenizer_config.json", Seeds.Of("tokenizer-config"), ["\"chat_template\"", "\"<s>\""],
            path => TokenizerSettingsReader.Parse(File.ReadAllBytes(path), path));
        yield return new(
            "sentencepiece", "tokenizer.model", Seeds.Of("sentencepiece"), [],
            path => Encode(TokenizerFileSet.Create(
                new Dictionary<string, byte[]> { ["tokenizer.model"] = File.ReadAllBytes(path) }, path)));
    }

    private static IEnumerable<FuzzReader> Settings()
    {
        string[] words =
            ["mode", "branches", "targets", "enabled", "  ", "[", "{", ": ", "%YAML 9\n", "<<: *a", "!!binary", "@"];
        yield return new(
            "configuration", "input.yaml", Seeds.Of("configuration"), words,
            path => new PipelineConfigReader(BranchRegistry.BuiltIn).Read(path));
        yield return new(
            "task", "input.yaml", Seeds.Of("task"),
            [.. words, "task", "prompt", "metrics", "subsets", "group", "{{ x }}"],
            path => TaskFile.Read(path));
    }

    private static IEnumerable<FuzzReader> Plans()
    {
        byte[] statistics = Seeds.Of("statistics")[0];
        JsonElement origin = JsonDocument.Parse(Seals.StatisticsBook(statistics)).RootElement.GetProperty("origin");
        Dictionary<string, string> made = origin.EnumerateObject()
            .ToDictionary(part => part.Name, part => part.Value.GetString()!);
        yield return new(
            "statistics", "statistics.json", [statistics], ["\"offers\"", "\"bytes\"", "\"setting\""], path =>
            Plan(path, made))
        {
            Open = Seals.StatisticsBook,
            Seal = Seals.StatisticsFile,
        };
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, statistics);
        ImmutableArray<Site> sites = [.. OfferBookFile.Read(file, made).Sites.Select(site => site.Site)];
        File.Delete(file);
        yield return new(
            "plan", "plan.json", [ArtifactFiles["plan.json"]], ["\"sites\"", "\"bytes\"", "\"setting\""],
            path => PlanJson.Load(path, sites));
    }

    private static IEnumerable<FuzzReader> Artifacts()
    {
        yield return new(
            "manifest", "hypercompress.json", [ArtifactFiles["hypercompress.json"]], ["\"files\"", "\"sha256\""],
            Verify)
        {
            Seal = Seals.Manifest,
            Companions = ArtifactFiles,
        };
        yield return new(
            "artifact-config", "config.json", [ArtifactFiles["config.json"]], ["\"sites\"", "\"form\"", "\"rows\""],
            ReadArtifact)
        {
            Companions = ArtifactFiles,
        };
        yield return new(
            "artifact-weights", "model.safetensors", [ArtifactFiles["model.safetensors"]], [], ReadArtifact)
        {
            Companions = ArtifactFiles,
        };
    }

    private static IEnumerable<FuzzReader> Templates()
    {
        string[] words =
        [
            "{{", "}}", "{%", "%}", "{#", "for", "in", "if", "endif", "endfor", "set", "range(1000000000)",
            " * 100000000", "|", "join",
            "messages", "namespace()", "macro", "loop.index", "tojson", "[::-1]", "~", "%", ".format(1)",
            "- 9223372036854775808", "indent(100000000)",
            "(((((((((((((((((((((((((", "not ", "center(1000000000)",
        ];
        yield return new("chat-template", "chat_template.jinja", Seeds.Of("template"), words, RenderChat);
        yield return new("text-template", "template.jinja", Seeds.Of("text-template"), words, RenderText);
    }

    private static void ReadTexts(string path)
    {
        foreach (string _ in new TextCorpus([path]).ReadDocuments())
        {
        }
    }

    private static void ReadTextsOrIds(string path)
    {
        try
        {
            ReadTexts(path);
        }
        catch (CheckpointException)
        {
            TokenIdFile.ReadSequences(path, 1000);
        }
    }

    private static void ReadRows(string path)
    {
        foreach (string column in (string[])["", ":Text", ":Choices"])
        {
            try
            {
                ReadTexts(path + column);
            }
            catch (CheckpointException)
            {
                // The rows may be right although the texts are not.
            }
        }

        // Writing the values shows that they are values of JSON; the text itself is not kept.
        using var written = new Utf8JsonWriter(Stream.Null);
        foreach (DataRow row in DataRows.Read(path))
        {
            row.Values.WriteTo(written);
            written.Flush();
            written.Reset();
        }
    }

    private static void ReadTensors(ITensorSource source)
    {
        using (source)
        {
            foreach (string name in source.Tensors.Keys)
            {
                using Tensor tensor = source.Read(name);
            }
        }
    }

    private static void ReadGgufModel(string path)
    {
        using ModelPackage package = ModelPackage.Open(path);
        package.ReadDecoderConfig();
        Encode(package.ReadTokenizer());
    }

    private static void ReadTorch(string path)
    {
        using (TorchCheckpointReader.Read(path))
        {
        }

        ReadTensors(TorchStateDict.Open(path));
    }

    private static void Count(DecoderLayout layout) =>
        _ = layout.Slots.Sum(slot => slot.Rows) + layout.Vectors.Sum(vector => vector.Length);

    private static void Encode(ITokenizer? tokenizer)
    {
        if (tokenizer is not null)
        {
            tokenizer.Decode(tokenizer.Encode(ProbeText));
        }
    }

    private static void Plan(string path, Dictionary<string, string> origin)
    {
        OfferBook book = OfferBookFile.Read(path, origin);
        var request = new PlanRequest(
            2, PlanRequest.TargetFor(book.TeacherBytes, 2), book.TeacherBytes, book.FixedBytes,
            book.Sites)
        { Stacks = book.Stacks };
        new BudgetPlanner().Plan(request);
    }

    private static void Verify(string path) => new ArtifactVerifier(Forms).Verify(Path.GetDirectoryName(path)!);

    private static void ReadArtifact(string path)
    {
        using Artifact artifact = Artifact.Open(Path.GetDirectoryName(path)!);
        using IDisposable model = artifact.Load(Forms, check: false);
    }

    private static void RenderChat(string path)
    {
        var template = new ChatTemplate(File.ReadAllText(path, Encoding.UTF8), path, TimeProvider.System);
        ChatMessage[] messages =
            [new("system", "Be brief."), new("user", "Say  A.\n"), new("assistant", "A"), new("user", "<b>")];
        template.Render(messages, addGenerationPrompt: true, "<s>", "</s>");
    }

    private static void RenderText(string path)
    {
        var template = new TextTemplate(File.ReadAllText(path, Encoding.UTF8), path);
        template.Render(new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "a" }),
            ["question"] = "what?",
        });
    }
}
