using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.Blocks.Books;
using Hypercompress.NumberFormats.Blocks.Grids;
using Hypercompress.NumberFormats.Blocks.Packing;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.Blocks;

[NoTensorLeaks]
public sealed class BlockFormatTests
{
    public static TheoryData<string> Names => [.. BlockFormat.All.Select(format => format.Name)];

    // What llama.cpp computes: small numbers first, then the code, then the base; single precision throughout.
    [Theory]
    [MemberData(nameof(Names))]
    public void Pack_OfAnyNumbers_IsWhatTheDecoderReads(string name)
    {
        BlockGrid grid = BlockFormat.TryParse(name)!.Grid;
        var random = new Random(7);
        var block = new byte[grid.Bytes];
        var values = new float[grid.Elements];
        for (int round = 0; round < 50; round++)
        {
            BlockNumbers numbers = Draw(grid, random);
            grid.Packer.Pack(numbers, block);
            GgmlBlocks.Decode(grid.Type, block, values);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(Expected(grid, numbers, i), values[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_StoresExactlyTheBytesAndReadsBackTheBits(string name)
    {
        using var scope = NewDisposeScope();
        ValueFormat format = NumberFormatRegistry.Standard.Parse(name);
        using StoredValues block = format.Encode(randn(5, 512, generator: new Generator(3)));
        using var source = new InMemoryTensorSource(block.Store("w"));
        using StoredValues read = format.Read("w", 5, 512, source, InMemoryTensorSource.File);

        Assert.Equal(format.StoredBytes(5, 512), source.TotalBytes);
        Assert.Equal(block.Value().data<float>().ToArray(), read.Value().data<float>().ToArray());
        Assert.Equal(block.ToBlocks()!.Rows.bytes.ToArray(), read.ToBlocks()!.Rows.bytes.ToArray());
    }

    [Fact]
    public void Encode_WithMoreBits_CostsLess()
    {
        using var scope = NewDisposeScope();
        Tensor values = randn(16, 512, generator: new Generator(3));
        double[] errors = [.. new[] { "q2_k", "q3_k", "iq4_xs", "q5_k", "q6_k", "q8_0" }
            .Select(name => Error(BlockFormat.TryParse(name)!, values, values))];
        double[] small = [.. new[] { "iq4_nl", "q5_0", "q8_0" }
            .Select(name => Error(BlockFormat.TryParse(name)!, values, values))];

        Assert.Equal(errors.OrderDescending(), errors);
        Assert.Equal(small.OrderDescending(), small);

        // A Gaussian at its rate-distortion bound has 4^-bits; uniform steps cost 1.5 dB more, shared steps the rest.
        Assert.InRange(errors[0], 0, 0.12);
        Assert.InRange(errors[2], 0, 0.011);
        Assert.InRange(errors[^1], 0, 5e-5);
    }

    [Fact]
    public void Encode_FromCodeBooks_CostsLessThanLevelsOfAsManyBits()
    {
        using var scope = NewDisposeScope();
        Tensor values = randn(16, 512, generator: new Generator(3));
        double[] errors = [.. new[] { "iq1_s", "iq1_m", "iq2_xxs", "iq2_xs", "iq2_s", "iq3_xxs", "iq3_s" }
            .Select(name => Error(BlockFormat.TryParse(name)!, values, values))];

        Assert.Equal(errors.OrderDescending(), errors);
        Assert.True(errors[4] < Error(BlockFormat.TryParse("q2_k")!, values, values));
        Assert.True(errors[6] < Error(BlockFormat.TryParse("q3_k")!, values, values));

        // Four levels without memory have 0.117 at 2 bits, eight have 0.035 at 3 (Lloyd and Max).
        Assert.InRange(errors[2], 0, 0.117);
        Assert.InRange(errors[5], 0, 0.035);

        // Three levels have 0.190; groups of them make more of fewer bits.
        double ternary = Error(BlockFormat.TryParse("tq1_0")!, values, values);
        Assert.InRange(ternary, 0.19, 0.21);
        Assert.Equal(ternary, Error(BlockFormat.TryParse("tq2_0")!, values, values));
        Assert.InRange(errors[0], 0, 0.2);
        Assert.InRange(errors[1], 0, ternary);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_OfZerosAndConstants_IsFinite(string name)
    {
        using var scope = NewDisposeScope();
        var format = BlockFormat.TryParse(name)!;
        Assert.Equal(0, Error(format, zeros(2, 256), ones(1)));
        Assert.InRange(Error(format, full(2, 256, 0.37f), full(1, 0.37f)), 0, 1e-3);
        Assert.InRange(Error(format, full(2, 256, -0.37f), full(1, 0.37f)), 0, 1e-3);
    }

    [Fact]
    public void Encode_OfNumbersBeyondHalfPrecision_IsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<NumericalException>(() => BlockFormat.TryParse("q4_0")!.Encode(full(1, 32, 1e6f)));
    }

    [Fact]
    public void StoredBytes_OfPartOfABlock_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => BlockFormat.TryParse("q4_k")!.StoredBytes(1, 288));
        Assert.False(BlockFormat.TryParse("q4_k")!.Holds(1, 288));
        Assert.True(BlockFormat.TryParse("q4_0")!.Holds(1, 288));
    }

    [Fact]
    public void Read_OfAnotherShape_NamesTheTensor()
    {
        using var scope = NewDisposeScope();
        var format = BlockFormat.TryParse("q4_0")!;
        using StoredValues block = format.Encode(ones(2, 64));
        using var source = new InMemoryTensorSource(block.Store("w"));

        CheckpointException failure = Assert.Throws<CheckpointException>(
            () => format.Read("w", 2, 96, source, InMemoryTensorSource.File));
        Assert.Contains("w.blocks", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scale_OfABlock_MultipliesItsValues()
    {
        using var scope = NewDisposeScope();
        using StoredValues block = BlockFormat.TryParse("q8_0")!.Encode(randn(2, 64, generator: new Generator(1)));
        Tensor before = block.Value().clone();
        block.Scale(2);
        Assert.InRange((block.Value() - (before * 2)).abs().max().item<float>(), 0, 0.02);
    }

    private static double Error(BlockFormat format, Tensor values, Tensor scale)
    {
        using var scope = NewDisposeScope();
        using StoredValues block = format.Encode(values);
        Tensor difference = block.Value() - values;
        return ((difference * difference).mean() / (scale * scale).mean()).item<float>();
    }

    private static BlockNumbers Draw(BlockGrid grid, Random random)
    {
        var numbers = new BlockNumbers(grid.Elements, grid.Parts)
        {
            Scale = (Half)(random.NextDouble() - 0.5),
            Base = grid.HasBase ? (Half)(random.NextDouble() - 0.5) : Half.Zero,
        };
        for (int part = 0; part < grid.Parts && grid.IsNested; part++)
        {
            numbers.Scales[part] = random.Next(grid.Scales.Least, grid.Scales.Most + 1);
            numbers.Bases[part] = random.Next(grid.MostBase + 1);
        }

        if (grid.HasBooks)
        {
            DrawGroups(grid, numbers, random);
            return numbers;
        }

        for (int i = 0; i < grid.Elements; i++)
        {
            numbers.Codes[i] = (byte)random.Next(grid.Levels.Length);
        }

        return numbers;
    }

    private static void DrawGroups(BlockGrid grid, BlockNumbers numbers, Random random)
    {
        (CodeBook book, sbyte[] group) = (grid.Books[0], []);
        for (int cell = 0; cell < grid.Elements; cell += CodeBook.Cell)
        {
            book = cell % grid.PartSize == 0 ? grid.Books[random.Next(grid.Books.Length)] : book;
            int product = 1;
            for (int k = 0; k < CodeBook.Cell; k++)
            {
                bool isLast = k == CodeBook.Cell - 1;
                int sign = book.Signs switch
                {
                    SignRule.InGroups => 1,
                    SignRule.Even when isLast => product,
                    _ => random.Next(2) == 0 ? 1 : -1,
                };
                product *= sign;
                group = k % book.Width == 0 ? book.Groups[random.Next(book.Groups.Length)] : group;
                numbers.Codes[cell + k] = grid.CodeOf(sign * group[k % book.Width]);
            }
        }
    }

    private static float Expected(BlockGrid grid, BlockNumbers numbers, int element)
    {
        int part = element / grid.PartSize;
        (float step, float low) = ((float)numbers.Scale, (float)numbers.Base);
        if (grid.IsNested)
        {
            int multiple = grid.IsOdd ? (2 * numbers.Scales[part]) + 1 : numbers.Scales[part];
            (step, low) = (step * multiple / grid.Divisor, -(low * numbers.Bases[part]));
        }

        float product = step * grid.Levels[numbers.Codes[element]];
        return product + low;
    }
}
