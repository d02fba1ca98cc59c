using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using Hypercompress.NumberFormats.EntropyCoding.Training;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding.Training;

public sealed class TrellisRoundingTests
{
    private const double Price = 0.4;

    [Theory]
    [InlineData(40, 7)]
    [InlineData(2100, 3)]
    [InlineData(1, 5)]
    [NoTensorLeaks]
    public void Levels_AreWhatTheSearchFindsInEachColumn(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        (MatrixScales scales, LevelModel model, Tensor latents) = Make(rows, columns);
        using var rounding = new TrellisRounding(scales, model, 12);

        Tensor found = rounding.Levels(latents, Price);

        var prices = LevelPrices.Of(scales.Classes, model.Bits, Price);
        for (int column = 0; column < columns; column++)
        {
            float[] values = latents.select(1, column).contiguous().data<float>().ToArray();
            short[] levels = found.select(1, column).to(ScalarType.Int16).data<short>().ToArray();
            for (int first = 0; first < rows; first += CodedMatrix.RunRows)
            {
                int count = int.Min(CodedMatrix.RunRows, rows - first);
                var classes = new byte[count];
                scales.ClassesOf(column, first, classes);
                var wanted = new short[count];
                new TrellisSearch().Run(values.AsSpan(first, count), classes, prices, wanted, TrellisCode.Start);
                Assert.Equal(wanted, levels[first..(first + count)]);
            }
        }
    }

    [Fact]
    [NoTensorLeaks]
    public void Levels_AreSearchedAnewWhenLatentsOrThePriceChange()
    {
        using var scope = NewDisposeScope();
        (MatrixScales scales, LevelModel model, Tensor latents) = Make(64, 16);
        using var rounding = new TrellisRounding(scales, model, 12);
        Tensor before = rounding.Levels(latents, Price).clone();
        latents.add_(1);

        Assert.True(rounding.Levels(latents, Price).equal(before).all().item<bool>());
        Assert.False(rounding.Levels(latents, 2 * Price).equal(before).all().item<bool>());
        rounding.Forget();
        Assert.False(rounding.Levels(latents, Price).equal(before).all().item<bool>());
    }

    [Fact]
    [NoTensorLeaks]
    public void Levels_AtAHigherPrice_TakeFewerBits()
    {
        using var scope = NewDisposeScope();
        (MatrixScales scales, LevelModel model, Tensor latents) = Make(256, 64);
        using var rounding = new TrellisRounding(scales, model, 12);

        double Size(double price) => rounding.Levels(latents, price).abs().sum().to(ScalarType.Float64).item<double>();

        Assert.True(Size(1.5) < 0.9 * Size(0.1));
    }

    private static (MatrixScales Scales, LevelModel Model, Tensor Latents) Make(int rows, int columns)
    {
        using var generator = new Generator((ulong)rows);
        Tensor latents = randn(rows, columns, generator: generator) * 3;
        var parts = new ScaleParts(new sbyte[rows], new sbyte[columns], new sbyte[rows], new sbyte[columns]);
        MatrixScales scales = MatrixScales.WithClasses(parts, 0.5f);
        using var classes = new LevelClasses(scales, CPU);
        Tensor levels = latents.round().clamp(-12, 12);
        return (scales, LevelModel.Of(classes.Count(levels, 12, LevelCode.Trellis), LevelCode.Trellis), latents);
    }
}
