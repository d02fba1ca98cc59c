using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Trellis;

namespace Hypercompress.Models.Tests.Kernels;

public sealed class ParityRuleTests
{
    private const int Rows = 8;

    [Fact]
    public void Next_PanelAfterPanel_IsTheSumOfThoseAbove()
    {
        var random = new Random(3);
        var steps = new uint[40 * Rows];
        var parities = new uint[steps.Length];
        for (int row = 0; row < steps.Length; row++)
        {
            steps[row] = (uint)random.NextInt64(1L << 32);
            parities[row] = Above(parities, row, 1) ^ Above(parities, row, 6)
                ^ Above(steps, row, 2) ^ Above(steps, row, 4);
        }

        (Vector256<uint> stepsBefore, Vector256<uint> before) = (Vector256<uint>.Zero, Vector256<uint>.Zero);
        for (int row = 0; row < steps.Length; row += Rows)
        {
            Vector256<uint> own = Vector256.Create(steps, row);
            before = ParityRule.Next(own, stepsBefore, before);
            stepsBefore = own;
            Assert.Equal(Vector256.Create(parities, row), before);
        }
    }

    private static uint Above(uint[] rows, int row, int by) => row < by ? 0 : rows[row - by];
}
