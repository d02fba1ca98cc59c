using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;
using static TorchSharp.torch;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding;

public sealed class LevelStreamTests
{
    [Theory]
    [InlineData("es2.5", 320, 256)]
    [InlineData("es2", 4200, 40)]
    [InlineData("es7", 260, 256)]
    public void ToPacked_StreamThatStaysCoded_MultipliesAsTheDecodedCodes(string format, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        Tensor values = randn(rows, columns, generator: generator);
        using StoredValues coded = EntropyFormat.TryParse(format)!.Encode(values);
        using PackedMatrix small = coded.ToPacked(MemoryUse.Small);
        Assert.Equal(coded.StoredBytes, small.ByteCount);
        float[] exact = coded.Value().data<float>().ToArray();
        var row = new float[columns];
        foreach (int index in new[] { 0, 7, rows / 2, rows - 1 })
        {
            small.ReadRow(index, row);
            Assert.Equal(exact.AsSpan(index * columns, columns).ToArray(), row, (a, b) => Math.Abs(a - b) < 1e-5f);
        }

        foreach (int count in new[] { 1, 3, 12 })
        {
            float[] found = Multiply(small, count);
            double[] wanted = Product(exact, rows, Inputs(count * columns));
            double largest = wanted.Max(Math.Abs);
            Assert.InRange(wanted.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4 * largest);
        }
    }

    [Theory]
    [InlineData("ec1.5", 320, 256)]
    [InlineData("ec3", 4200, 40)]
    [InlineData("ef4", 2100, 77)]
    [InlineData("ec7", 260, 256)]
    public void ToPacked_Trellis_HasTheNumbersOfTheDecodedLevels(string format, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using StoredValues coded = EntropyFormat.TryParse(format)!.Encode(randn(rows, columns, generator: generator));
        float[] exact = coded.Value().data<float>().ToArray();
        foreach (MemoryUse memory in Enum.GetValues<MemoryUse>())
        {
            using PackedMatrix packed = coded.ToPacked(memory);
            var row = new float[columns];
            foreach (int index in Enumerable.Range(0, rows))
            {
                packed.ReadRow(index, row);
                Assert.Equal(exact.AsSpan(index * columns, columns).ToArray(), row, (a, b) => Math.Abs(a - b) < 1e-5f);
            }
        }
    }

    private static unsafe float[] Multiply(PackedMatrix matrix, int count)
    {
        float[] x = Inputs(count * matrix.Columns);
        var y = new float[count * matrix.Rows];
        using var pool = new WorkerPool(2);
        using var products = new MatrixProducts(pool);
        fixed (float* input = x, output = y)
        {
            products.Multiply(input, count, matrix, output, matrix.Rows, InputPrecision.Word);
        }

        return y;
    }

    private static float[] Inputs(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static double[] Product(float[] matrix, int rows, float[] inputs)
    {
        int columns = matrix.Length / rows;
        return
        [
            .. inputs.Chunk(columns).SelectMany(input => matrix.Chunk(columns).Select(
                row => row.Zip(input, (a, b) => (double)a * b).Sum())),
        ];
    }
}
