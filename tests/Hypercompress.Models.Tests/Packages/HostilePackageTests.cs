using System.Text;
using CsCheck;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Packages;

/// <summary>
/// Whatever is done to a configuration or to the metadata of a GGUF file, opening and loading the model ends in a model
/// or in an error of ours. The seed is kept: every run makes the same files.
/// </summary>
[NoTensorLeaks]
public sealed class HostilePackageTests : IDisposable
{
    private const int Iterations = 2000;
    private const long ManagedAllowance = 4 << 20;

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData("llama3-rope", "config.json")]
    [InlineData("llama3-rope", "config_legacy.json")]
    [InlineData("gpt2", "config.json")]
    [InlineData("gpt_neox", "config.json")]
    [InlineData("phi3-longrope", "config.json")]
    [InlineData("gemma3_text", "config.json")]
    [InlineData("smollm3", "config_legacy.json")]
    public void ReadDecoderConfig_MutatedText_IsReadOrRefused(string name, string file)
    {
        byte[] original = File.ReadAllBytes(SharedFiles.Require($"golden/arch/{name}/{file}"));
        string folder = SharedFiles.Require($"golden/arch/{name}");
        File.Copy(Path.Combine(folder, "model.safetensors"), _folder.Of("model.safetensors"));
        ForEachMutation(original, "config.json", () =>
        {
            using ModelPackage package = ModelPackage.Open(_folder.Path);
            package.ReadDecoderConfig();
        });
    }

    [Theory]
    [InlineData("{\"model_type\": \"\\ud800\"}")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"model_type\": \"llama\", \"model_type\": \"gpt2\"}")]
    public void Open_ConfigOfNoText_IsRefused(string config)
    {
        File.WriteAllText(_folder.Of("config.json"), config);

        var e = Assert.Throws<CheckpointException>(() => ModelPackage.Open(_folder.Path));

        Assert.Contains("is not valid JSON", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MutatedNumbers_IsLoadedOrRefused()
    {
        string folder = SharedFiles.Require("golden/arch/gpt_neox");
        string original = File.ReadAllText(Path.Combine(folder, "config.json"));
        File.Copy(Path.Combine(folder, "model.safetensors"), _folder.Of("model.safetensors"));
        string[] numbers =
            ["0", "1", "2", "3", "48", "-1", "1e9", "1e300", "2147483647", "0.5", "null", "\"x\"", "[]", "{}"];
        var edits = Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, numbers.Length - 1]).Array[1, 2];
        var random = new PCG(3, 20251125);
        for (int i = 0; i < Iterations / 4; i++)
        {
            string text = original;
            foreach ((int place, int number) in edits.Generate(random, null, out _))
            {
                text = ReplaceValue(text, place, numbers[number]);
            }

            File.WriteAllText(_folder.Of("config.json"), text);
            AllowRefusal(() =>
            {
                using ModelPackage package = ModelPackage.Open(_folder.Path);
                using DecoderModel model = DecoderModel.Load(package.ReadDecoderConfig(), package.Tensors);
                Run(model);
            });
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("qwen2")]
    public void Load_MutatedGgufHead_IsLoadedOrRefused(string name)
    {
        byte[] original = File.ReadAllBytes(SharedFiles.Require($"golden/arch/{name}/model-q8_0.gguf"));
        int head = original.AsSpan().IndexOf(Encoding.ASCII.GetBytes("tokenizer.ggml"));
        ForEachMutation(original, "model.gguf", () =>
        {
            using ModelPackage package = ModelPackage.Open(_folder.Of("model.gguf"));
            using DecoderModel model = DecoderModel.Load(package.ReadDecoderConfig(), package.Tensors);
        }, head, Iterations / 4);
    }

    public void Dispose() => _folder.Dispose();

    private static void Run(DecoderModel model)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        model.Forward(zeros(1, 2, dtype: int64));
    }

    /// <summary>Puts another value behind one of the colons of a JSON text.</summary>
    private static string ReplaceValue(string text, int place, string value)
    {
        int[] colons = [.. Enumerable.Range(0, text.Length).Where(i => text[i] == ':')];
        int start = colons[place % colons.Length] + 1;
        int end = text.IndexOfAny([',', '\n'], start);
        return text[..start] + value + text[end..];
    }

    private void ForEachMutation(
        byte[] original, string file, Action read, int first = int.MaxValue, int iterations = Iterations)
    {
        int reach = Math.Min(first, original.Length);
        var mutation = Gen.Select(Gen.Int[0, reach - 1], Gen.Byte, Gen.Int[0, 4]);
        var mutations = Gen.Select(mutation.Array[1, 4], Gen.Int[0, 9], Gen.Int[0, original.Length]);
        var random = new PCG(2, 20251124);
        for (int i = 0; i < iterations; i++)
        {
            var (changes, cut, length) = mutations.Generate(random, null, out _);
            byte[] mutated = [.. original];
            foreach ((int at, byte value, int kind) in changes)
            {
                mutated[at] = kind switch
                {
                    0 => (byte)(value % 10 + '0'),
                    1 => 0xFF,
                    2 => (byte)(mutated[at] + 1),
                    3 => (byte)(mutated[at] ^ (1 << (value % 8))),
                    _ => value,
                };
            }

            File.WriteAllBytes(_folder.Of(file), cut == 0 ? mutated[..length] : mutated);
            long before = GC.GetAllocatedBytesForCurrentThread();
            AllowRefusal(read);
            Assert.InRange(
                GC.GetAllocatedBytesForCurrentThread() - before, 0, ManagedAllowance + (2 * original.Length));
        }
    }

    private static void AllowRefusal(Action action)
    {
        try
        {
            action();
        }
        catch (HypercompressException)
        {
            // Refused by name.
        }
    }
}
