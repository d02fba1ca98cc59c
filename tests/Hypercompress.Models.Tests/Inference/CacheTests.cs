using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Tests.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Models.Tests.Inference;

public sealed class CacheTests
{
    private const int Rank = 8;

    [Theory]
    [InlineData("llama-tied", CacheFormat.Single, 1e-3)]
    [InlineData("llama-tied", CacheFormat.Half, 0.05)]
    [InlineData("llama-tied", CacheFormat.Byte, 0.5)]
    [InlineData("qwen3", CacheFormat.Single, 1e-3)]
    [InlineData("qwen2", CacheFormat.Single, 1e-3)]
    public void Next_KeysAndValuesOfALatent_AreThoseOfTheProduct(string name, CacheFormat format, float tolerance)
    {
        DecoderConfig config = GoldenModel.Config(SharedFiles.Require($"golden/arch/{name}"));
        using IntegerDecoder latent = Make(config, isLatent: true);
        using IntegerDecoder whole = Make(config, isLatent: false);
        using DecoderSession found = latent.Begin(new CacheOptions { Format = format });
        using DecoderSession expected = whole.Begin(new CacheOptions { Format = CacheFormat.Single });
        int bytes = format == CacheFormat.Single ? 4 * Rank : format == CacheFormat.Half ? 2 * Rank : Rank + 4;
        Assert.Equal(config.Layers * bytes, found.BytesPerToken);
        foreach (int[] ids in new int[][] { [3, 5, 9], [7], [11], [.. Enumerable.Range(1, 20)], [2], [30] })
        {
            float[] wanted = expected.Next(ids).ToArray();
            Assert.InRange(GoldenModel.LargestDifference(wanted, found.Next(ids).ToArray()), 0, tolerance);
        }

        found.Truncate(6);
        expected.Truncate(6);
        Assert.InRange(
            GoldenModel.LargestDifference(expected.Next([8]).ToArray(), found.Next([8]).ToArray()), 0, tolerance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Next_FewTokensKept_SeesTheFirstAndTheLatestAsANeighbourhood(bool isLatent)
    {
        // With one layer keys and values depend on nothing before: a text without what was forgotten gives the same.
        DecoderConfig config = GoldenModel.Config(SharedFiles.Require("golden/arch/llama-tied"));
        config = config with { Layers = 1, Attention = [config.Attention[0]] };
        const int Kept = 16;
        using IntegerDecoder decoder = Make(config, isLatent);
        using DecoderSession session =
            decoder.Begin(new CacheOptions { Format = CacheFormat.Single, Tokens = Kept });
        int[] ids = [.. Enumerable.Range(0, 900).Select(i => 1 + (i * 7 % 50))];
        for (int i = 0; i < ids.Length; i += i % 100 == 0 ? 20 : 1)
        {
            float[] found = session.Next(ids.AsSpan(i, i % 100 == 0 ? 20 : 1)).ToArray();
            int length = session.Length;
            if (length > 890 || length < 30)
            {
                int[] seen = length <= Kept
                    ? ids[..length]
                    : [.. ids[..CacheOptions.Sinks], .. ids[(length - Kept + CacheOptions.Sinks)..length]];
                using DecoderSession plain = decoder.Begin(new CacheOptions { Format = CacheFormat.Single });
                Assert.InRange(GoldenModel.LargestDifference(plain.Next(seen).ToArray(), found), 0, 2e-3f);
            }
        }

        Assert.InRange(session.CacheBytes, 1, session.BytesPerToken * 800);
    }

    [Fact]
    public void Next_LongContextOfATinyModel_GrowsByTheBytesItStates()
    {
        DecoderConfig config = GoldenModel.Config(SharedFiles.Require("golden/arch/llama-tied")) with
        {
            MaxPositions = 9000,
        };
        using IntegerDecoder decoder = Make(config, isLatent: false);
        using DecoderSession session = decoder.Begin();
        int[] ids = [.. Enumerable.Range(0, 8192).Select(i => 1 + (i * 7 % 50))];
        session.Next(ids);
        Assert.Equal(8192 * session.BytesPerToken, session.CacheBytes);
        using DecoderSession bytes = decoder.Begin(new CacheOptions { Format = CacheFormat.Byte });
        bytes.Next(ids);
        Assert.InRange(bytes.CacheBytes, 1, session.CacheBytes * 4 / 5);
        using DecoderSession few = decoder.Begin(new CacheOptions { Tokens = 128 });
        few.Next(ids);
        Assert.InRange(few.CacheBytes, 1, few.BytesPerToken * 1200);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(100_000)]
    public void Begin_CacheTokensOutOfRange_IsRefused(int tokens)
    {
        using IntegerDecoder decoder =
            Make(GoldenModel.Config(SharedFiles.Require("golden/arch/llama-tied")), isLatent: false);
        Assert.Throws<ConfigurationException>(() => decoder.Begin(new CacheOptions { Tokens = tokens }));
    }

    [Fact]
    public void Truncate_BeforeWhatIsForgotten_IsRefused()
    {
        using IntegerDecoder decoder =
            Make(GoldenModel.Config(SharedFiles.Require("golden/arch/llama-tied")), isLatent: false);
        using DecoderSession session = decoder.Begin(new CacheOptions { Tokens = 16 });
        session.Next([.. Enumerable.Range(1, 50)]);
        session.Next([.. Enumerable.Range(1, 50)]);
        session.Truncate(90);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Truncate(10));
    }

    private static IntegerDecoder Make(DecoderConfig config, bool isLatent)
    {
        var random = new Random(4);
        return new IntegerDecoder(
            config,
            slot => slot.Kind == WeightSlotKind.KeyValue
                ? Product(slot, random, isLatent)
                : Pack((int)slot.Rows, (int)slot.Columns, Numbers(random, slot.Rows * slot.Columns)),
            vector => Numbers(random, vector.Length),
            threads: 1);
    }

    private static PackedMatrix Product(SlotLayout slot, Random random, bool isLatent)
    {
        (int rows, int columns) = ((int)slot.Rows, (int)slot.Columns);
        float[] up = Numbers(random, rows * Rank);
        float[] down = Numbers(random, Rank * columns);
        if (isLatent)
        {
            return PackedMatrices.Product(Pack(rows, Rank, up), Pack(Rank, columns, down));
        }

        var product = new float[rows * columns];
        for (int i = 0; i < product.Length; i++)
        {
            product[i] = Enumerable.Range(0, Rank)
                .Sum(k => up[(i / columns * Rank) + k] * down[(k * columns) + (i % columns)]);
        }

        return Pack(rows, columns, product);
    }

    private static PackedMatrix Pack(int rows, int columns, float[] numbers) => PackedMatrices.FromFloats(
        FloatKind.Single, rows, columns,
        (row, bytes) => System.Runtime.InteropServices.MemoryMarshal
            .AsBytes(numbers.AsSpan(row * columns, columns)).CopyTo(bytes));

    private static float[] Numbers(Random random, long count) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => (float)((random.NextDouble() - 0.5) * 0.6))];
}
