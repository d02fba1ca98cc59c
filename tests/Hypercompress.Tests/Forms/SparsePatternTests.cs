using CsCheck;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Forms;

public sealed class SparsePatternTests
{
    [Theory]
    [InlineData("2:4", 8, 4, 6)]
    [InlineData("4:8", 16, 8, 14)]
    [InlineData("1:4", 10, 3, 5)]
    [InlineData("3:4", 6, 5, 2)]
    [InlineData("16:32", 32, 16, 30)]
    public void RowBits_OfAPattern_NumberTheChoicesOfEachGroup(string text, long columns, long kept, long bits)
    {
        var pattern = SparsePattern.Parse(text);
        Assert.Equal(text, pattern.ToString());
        Assert.Equal((kept, bits), (pattern.KeptPerRow(columns), pattern.RowBits(columns)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("0:4")]
    [InlineData("4:4")]
    [InlineData("1:33")]
    [InlineData("-1:4")]
    [InlineData("1:4:8")]
    public void Parse_OfNoPattern_Throws(string text) =>
        Assert.Throws<FormatException>(() => SparsePattern.Parse(text));

    // 2 of 4, in colexicographic order: {0,1} {0,2} {1,2} {0,3} {1,3} {2,3}. Two groups: {1,3} = 4, {0,2} = 1.
    [Fact]
    public void Pack_OfTwoGroups_WritesTheirRanksFromTheLowestBit()
    {
        using var scope = NewDisposeScope();
        Tensor mask = tensor(new[] { false, true, false, true, true, false, true, false }).view(1, 8);
        Tensor packed = GroupIndices.Pack(mask, SparsePattern.Parse("2:4"));
        Assert.Equal([4 + (1 << 3)], packed.data<byte>().ToArray());
    }

    [Fact]
    public void Unpack_OfWhatWasPacked_GivesTheSamePlaces() =>
        Gen.Select(Gen.Int[2, 32], Gen.Int[1, 70], Gen.Int[0, 1000]).Sample(
            (group, columns, seed) =>
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator((ulong)seed);
                var pattern = new SparsePattern((seed % (group - 1)) + 1, group);
                Tensor scores = rand(3, columns, generator: generator);
                Tensor mask = Hypercompress.Branches.Sparsity.RowSupport.Of(pattern).Select(scores);
                Tensor packed = GroupIndices.Pack(mask, pattern);
                Assert.True(pattern.RowBits(columns) <= columns);
                Assert.True(GroupIndices.Unpack(packed, columns, pattern)!.eq(mask).all().item<bool>());
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void From_AMaskThatDoesNotFollow_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => SparseForm.From(
            ones(1, 4), ones(1, 4, dtype: ScalarType.Bool), FloatFormat.Float16, null, SparsePattern.Parse("2:4")));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(6)]
    [InlineData(8)]
    public void Read_WithARankThatIsNone_Throws(byte indices)
    {
        using var scope = NewDisposeScope();
        Tensor mask = tensor(new[] { true, true, false, false }).view(1, 4);
        using var form = SparseForm.From(ones(1, 4), mask, FloatFormat.Float16, null, SparsePattern.Parse("2:4"));
        using var source = new InMemoryTensorSource(form.Store("s")).With(
            "s.indices", tensor(new[] { indices }).view(1, 1));
        Assert.Throws<CheckpointException>(
            () => SparseForm.PatternReader.Read(
                form.Describe(), "s", source, FormContext.Alone(new FormCatalog(StandardForms.Readers))));
    }
}
