using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Tests.Transformer;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Models.Tests.Inference;

[NoTensorLeaks]
public sealed class IntegerDecoderTests
{
    // Weights are held exactly; only the order of sums differs.
    private const float Tolerance = 1e-3f;

    public static TheoryData<string> Checkpoints => DecoderParityTests.Checkpoints;

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Hidden_TinyCheckpoint_GivesTheReferenceLogits(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using IntegerDecoder decoder = Load(folder);
        for (int prompt = 0; prompt < golden.Prompts.Length; prompt++)
        {
            using DecoderSession session = decoder.Begin();
            float[] logits = All(decoder, session, Ids(golden.Prompts[prompt]));
            Assert.InRange(GoldenModel.LargestDifference(golden.Logits[prompt], logits), 0, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Next_TokenByToken_GivesTheLogitsOfOnePass(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = GoldenModel.Load(folder);
        using IntegerDecoder decoder = IntegerDecoder.Of(model, 2);
        using DecoderSession session = decoder.Begin(new CacheOptions { Format = CacheFormat.Single });
        using DecoderSession half = decoder.Begin();
        using KvCache cache = new(model);
        int vocabulary = model.Config.VocabularySize;
        foreach (long id in golden.Prompts[0].Concat(golden.Greedy[0]))
        {
            float[] expected = GoldenModel.Forward(model, [id], cache)[^vocabulary..];
            float[] found = session.Next([(int)id]).ToArray();
            Assert.InRange(GoldenModel.LargestDifference(expected, found), 0, Tolerance);
            float[] rounded = half.Next([(int)id]).ToArray();
            Assert.InRange(GoldenModel.LargestDifference(expected, rounded), 0, 60 * Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Load_TinyCheckpoint_GivesTheReferenceLogits(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using ITensorSource source = CheckpointFolder.Open(folder);
        using IntegerDecoder decoder = IntegerDecoder.Load(GoldenModel.Config(folder), source, 1);
        using DecoderSession session = decoder.Begin();
        float[] logits = All(decoder, session, Ids(golden.Prompts[0]));
        Assert.InRange(GoldenModel.LargestDifference(golden.Logits[0], logits), 0, Tolerance);
    }

    [Theory]
    [InlineData("llama-f16")]
    [InlineData("llama-bf16")]
    [InlineData("phi3")]
    [InlineData("gpt_neox")]
    public void LoadPacked_TinyCheckpoint_GivesTheReferenceLogits(string name)
    {
        string folder = SharedFiles.Require($"golden/arch/{name}");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using ITensorSource source = CheckpointFolder.Open(folder);
        using DecoderModel model = DecoderModel.LoadPacked(GoldenModel.Config(folder), source);
        Assert.InRange(
            GoldenModel.LargestDifference(golden.Logits[0], GoldenModel.Forward(model, golden.Prompts[0])),
            0,
            Tolerance);
        using IntegerDecoder decoder = IntegerDecoder.Of(model, 1);
        using DecoderSession session = decoder.Begin();
        float[] logits = All(decoder, session, Ids(golden.Prompts[0]));
        Assert.InRange(GoldenModel.LargestDifference(golden.Logits[0], logits), 0, Tolerance);
    }

    [Theory]
    [InlineData(CacheFormat.Half, 0.02)]
    [InlineData(CacheFormat.Byte, 0.2)]
    public void Next_ManyTokens_GrowsTheCacheByTheBytesItStates(CacheFormat format, float tolerance)
    {
        string folder = SharedFiles.Require("models/tinystories-656k-hf");
        using DecoderModel model = GoldenModel.Load(folder);
        using IntegerDecoder decoder = IntegerDecoder.Of(model, 2);
        int[] ids = [.. Enumerable.Range(0, 700).Select(i => 3 + (i * 37 % 1000))];
        using DecoderSession whole = decoder.Begin();
        float[] expected = whole.Next(ids).ToArray();
        using DecoderSession session = decoder.Begin(new CacheOptions { Format = format });
        session.Next(ids.AsSpan(0, 3));
        long bytes = session.CacheBytes;
        session.Next(ids.AsSpan(3, 500));
        foreach (int id in ids[503..^1])
        {
            session.Next([id]);
        }

        float[] found = session.Next([ids[^1]]).ToArray();
        Assert.InRange(GoldenModel.LargestDifference(expected, found), 0, tolerance);
        Assert.Equal(ids.Length, session.Length);
        Assert.InRange(
            session.CacheBytes, session.BytesPerToken * ids.Length,
            (session.BytesPerToken * (ids.Length + 256)) + bytes);
    }

    [Fact]
    public void Begin_ByteCache_TakesAboutHalfTheBytes()
    {
        string folder = SharedFiles.Require("golden/arch/llama-headdim");
        using IntegerDecoder decoder = Load(folder);
        using DecoderSession half = decoder.Begin();
        using DecoderSession bytes = decoder.Begin(new CacheOptions { Format = CacheFormat.Byte });
        Assert.True(bytes.BytesPerToken < half.BytesPerToken);
    }

    [Fact]
    public void Truncate_ThenOtherTokens_ForgetsTheOnesBefore()
    {
        string folder = SharedFiles.Require("golden/arch/llama-bias");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        int[] ids = Ids(golden.Prompts[1]);
        using IntegerDecoder decoder = Load(folder);
        using DecoderSession plain = decoder.Begin();
        float[] expected = plain.Next(ids).ToArray();
        using DecoderSession session = decoder.Begin(new CacheOptions { Format = CacheFormat.Single });
        session.Next([.. ids[..4], 5, 6, 7]);
        session.Truncate(4);
        float[] found = session.Next(ids.AsSpan(4)).ToArray();
        Assert.InRange(GoldenModel.LargestDifference(expected, found), 0, Tolerance);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Truncate(ids.Length + 1));
    }

    [Fact]
    public void Next_TwoSessionsAtOnce_EachGivesItsOwnLogits()
    {
        string folder = SharedFiles.Require("models/tinystories-656k-hf");
        using IntegerDecoder decoder = Load(folder);
        int[][] texts = [[5, 9, 200, 31], [700, 12, 44, 8]];
        float[][] alone = [.. texts.Select(text => Decode(decoder, text))];
        var together = new float[texts.Length][];
        Thread[] threads =
        [
            .. texts.Select((text, index) => new Thread(() => together[index] = Decode(decoder, text))),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Next_Cancelled_Stops()
    {
        string folder = SharedFiles.Require("golden/arch/llama-tied");
        using IntegerDecoder decoder = Load(folder);
        using DecoderSession session = decoder.Begin();
        Assert.Throws<OperationCanceledException>(() => session.Next([1, 2, 3], new CancellationToken(true)));
    }

    [Fact]
    public void Hidden_AsEngineOfADecoder_GivesItsLogits()
    {
        string folder = SharedFiles.Require("golden/arch/qwen3");
        GoldenModel golden = GoldenModel.Read(Path.Combine(folder, "golden.json"));
        using DecoderModel model = GoldenModel.Load(folder);
        using IntegerDecoder decoder = IntegerDecoder.Of(model, 1);
        model.Engine = new SequenceEngine(decoder);
        float[] logits = GoldenModel.Forward(model, golden.Prompts[0]);
        Assert.InRange(GoldenModel.LargestDifference(golden.Logits[0], logits), 0, Tolerance);
        using KvCache cache = new(model);
        Assert.Throws<NotSupportedException>(() => GoldenModel.Forward(model, golden.Prompts[0], cache));
    }

    private static float[] Decode(IntegerDecoder decoder, int[] ids)
    {
        using DecoderSession session = decoder.Begin();
        float[] last = [];
        for (int round = 0; round < 20; round++)
        {
            foreach (int id in ids)
            {
                last = session.Next([id]).ToArray();
            }
        }

        return last;
    }

    private static IntegerDecoder Load(string folder)
    {
        using DecoderModel model = GoldenModel.Load(folder);
        return IntegerDecoder.Of(model, 2);
    }

    private static int[] Ids(long[] ids) => [.. ids.Select(id => (int)id)];

    private static float[] All(IntegerDecoder decoder, DecoderSession session, int[] ids)
    {
        var hidden = new float[ids.Length * decoder.Config.HiddenSize];
        var logits = new float[ids.Length * decoder.Config.VocabularySize];
        session.Hidden(ids, hidden);
        session.Logits(hidden, logits);
        return logits;
    }
}
