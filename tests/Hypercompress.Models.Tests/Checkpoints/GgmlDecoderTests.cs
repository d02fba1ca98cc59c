using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;

namespace Hypercompress.Models.Tests.Checkpoints;

public sealed class GgmlDecoderTests
{
    private static readonly byte[] HalfOne = [0x00, 0x3C];
    private static readonly byte[] HalfTwo = [0x00, 0x40];

    [Theory]
    [InlineData("q4_0", 2)]
    [InlineData("q4_1", 3)]
    [InlineData("q8_0", 8)]
    [InlineData("q4_K", 12)]
    [InlineData("q6_K", 14)]
    public void Decode_ReferenceBlocks_GivesReferenceValues(string name, uint type)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("golden/ggml_quant_vectors.json")));
        var vector = golden.RootElement.GetProperty(name);
        float[] expected = [.. vector.GetProperty("deq").EnumerateArray().Select(value => value.GetSingle())];

        float[] actual = Decode(type, Convert.FromHexString(vector.GetProperty("hex").GetString()!));

        Assert.Equal(512, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-7f);
        }
    }

    /// <summary>
    /// What the C functions of ggml (d99724f2, August 2026, no fused multiply-adds) make of the same bytes, bit by bit.
    /// </summary>
    [Theory]
    [InlineData(2, "ecbbe13673cf17a8", 1)]
    [InlineData(3, "b86b19e4e90ddc75", 1, 3)]
    [InlineData(6, "b9ecd983857fa499", 1)]
    [InlineData(7, "066e34b090a00b94", 1, 3)]
    [InlineData(8, "3c8d9e88ddfd74ef", 1)]
    [InlineData(10, "7ee4589f3d1da6b4", 81, 83)]
    [InlineData(11, "46975d8cce062574", 109)]
    [InlineData(12, "a387eba0fd88ffd6", 1, 3)]
    [InlineData(13, "914d2f80e35abcae", 1, 3)]
    [InlineData(14, "5140cd73a1a4d14d", 209)]
    [InlineData(15, "864f9e3e9f201af8", 3)]
    [InlineData(16, "cf5d3c3d673233b4", 1)]
    [InlineData(17, "a35ef4324d32f66d", 1)]
    [InlineData(18, "bf0c48b49789ced7", 1)]
    [InlineData(19, "769ccc3d359c4fbb", 1)]
    [InlineData(20, "22dd3291a47ead90", 1)]
    [InlineData(21, "e05ffa7949ca1b62", 1)]
    [InlineData(22, "a0f072176a68b2a2", 1)]
    [InlineData(23, "fd6b0f8d32d8fb57", 1)]
    [InlineData(29, "9b8bd65b85ab1f27", 55)]
    [InlineData(34, "c29833ea7c542d48", 53)]
    [InlineData(35, "3756a36bc0eee331", 65)]
    [InlineData(39, "568405b8a11c140f", 0)]
    [InlineData(40, "bb6371c0246b8045", 0)]
    [InlineData(41, "c992f76cf53157aa", 1)]
    [InlineData(42, "a97d9c9cb81d4766", 1)]
    public void Decode_DrawnBlocks_GivesWhatGgmlGives(uint type, string digest, params int[] scaleBytes)
    {
        const int Blocks = 4;
        StoredType stored = GgmlTypes.Find(type)!;
        byte[] bytes = new byte[Blocks * stored.BlockBytes];
        uint state = type;
        for (int i = 0; i < bytes.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            // The upper byte of a scale loses its sign and half of its exponents, so that all values are finite.
            bytes[i] = (byte)((state >> 24) & (scaleBytes.Contains(i % stored.BlockBytes) ? 0x3Fu : 0xFFu));
        }

        byte[] values = MemoryMarshal.AsBytes(Decode(type, bytes).AsSpan()).ToArray();

        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(values))[..16]);
    }

    [Fact]
    public void Decode_Q5_0_AddsTheFifthBit()
    {
        // Element 0 is 0x3 + 16, element 16 is 0xF, element 17 is 0x2 + 16; all others are 0 − 16.
        byte[] codes = new byte[16];
        codes[0] = 0xF3;
        codes[1] = 0x20;
        float[] expected = [.. Enumerable.Repeat(-32f, 32)];
        (expected[0], expected[16], expected[17]) = (2f * (19 - 16), 2f * (15 - 16), 2f * (18 - 16));

        Assert.Equal(expected, Decode(6, [.. HalfTwo, 0x01, 0x00, 0x02, 0x00, .. codes]));
    }

    [Fact]
    public void Decode_Q5_1_AddsTheMinimum()
    {
        byte[] codes = new byte[16];
        codes[15] = 0x9A;
        float[] expected = [.. Enumerable.Repeat(1f, 32)];
        (expected[15], expected[31]) = ((2f * 10) + 1, (2f * (9 + 16)) + 1);

        Assert.Equal(expected, Decode(7, [.. HalfTwo, .. HalfOne, 0x00, 0x00, 0x00, 0x80, .. codes]));
    }

    [Fact]
    public void Decode_Q5_K_PlacesEveryCodeScaleAndMinimum()
    {
        // Sub-block b has scale b + 1 and minimum 63 − b, so that b ≥ 4 uses the split 6-bit fields.
        int[] scales = [.. Enumerable.Range(1, 8)];
        int[] minimums = [.. Enumerable.Range(0, 8).Select(b => 63 - b)];
        byte[] packed = new byte[12];
        for (int j = 0; j < 4; j++)
        {
            packed[j] = (byte)(scales[j] | (scales[j + 4] >> 4 << 6));
            packed[j + 4] = (byte)(minimums[j] | (minimums[j + 4] >> 4 << 6));
            packed[j + 8] = (byte)((scales[j + 4] & 15) | ((minimums[j + 4] & 15) << 4));
        }

        int[] codes = [.. Enumerable.Range(0, 256).Select(i => (i * 7) % 32)];
        byte[] low = new byte[128];
        byte[] fifth = new byte[32];
        for (int i = 0; i < 256; i++)
        {
            int subBlock = i / 32;
            low[(i / 64 * 32) + (i % 32)] |= (byte)((codes[i] & 15) << (subBlock % 2 * 4));
            fifth[i % 32] |= (byte)((codes[i] >> 4) << subBlock);
        }

        float[] expected = [.. codes.Select((code, i) => (2f * scales[i / 32] * code) - minimums[i / 32])];

        Assert.Equal(expected, Decode(13, [.. HalfTwo, .. HalfOne, .. packed, .. fifth, .. low]));
    }

    [Fact]
    public void Decode_Q2_K_PlacesEveryCodeScaleAndMinimum()
    {
        byte[] scales = [.. Enumerable.Range(0, 16).Select(b => (byte)(b | ((15 - b) << 4)))];
        int[] codes = [.. Enumerable.Range(0, 256).Select(i => (i * 7 / 3) % 4)];
        byte[] low = LowTwoBits(codes);
        float[] expected = [.. codes.Select((code, i) => (2f * (i / 16) * code) - (15 - (i / 16)))];

        Assert.Equal(expected, Decode(10, [.. scales, .. low, .. HalfTwo, .. HalfOne]));
    }

    [Fact]
    public void Decode_Q3_K_PlacesEveryCodeAndScale()
    {
        int[] scales = [.. Enumerable.Range(0, 16).Select(b => (b * 5) % 64)];
        int[] codes = [.. Enumerable.Range(0, 256).Select(i => (i * 11 / 3) % 8)];
        byte[] third = new byte[32];
        for (int i = 0; i < 256; i++)
        {
            third[i % 32] |= (byte)((codes[i] >> 2) << (i / 32));
        }

        // Scales 0–7 and 8–15 share bytes 0–7 by nibbles; their upper bits lie in bytes 8–11, four by four.
        byte[] packed = new byte[12];
        for (int b = 0; b < 16; b++)
        {
            packed[b % 8] |= (byte)((scales[b] & 15) << (b < 8 ? 0 : 4));
            packed[8 + (b % 4)] |= (byte)((scales[b] >> 4) << (b / 4 * 2));
        }

        float[] expected = [.. codes.Select((code, i) => 2f * (scales[i / 16] - 32) * (code - 4))];

        byte[] low = LowTwoBits(codes.Select(code => code & 3));
        Assert.Equal(expected, Decode(11, [.. third, .. low, .. packed, .. HalfTwo]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(14)]
    public void Decode_SeveralBlocks_DecodesEachAlike(uint type)
    {
        int bytes = GgmlTypes.Find(type)!.BlockBytes;
        byte[] block = [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 37 % 60))];

        float[] once = Decode(type, block);

        Assert.Equal([.. once, .. once, .. once], Decode(type, [.. block, .. block, .. block]));
    }

    /// <summary>Four codes a byte: element i of each half of 128 lies in byte i mod 32, at bits 2·(i / 32).</summary>
    private static byte[] LowTwoBits(IEnumerable<int> codes)
    {
        byte[] low = new byte[64];
        foreach (var (code, i) in codes.Select((code, i) => (code, i)))
        {
            low[(i / 128 * 32) + (i % 32)] |= (byte)(code << (i % 128 / 32 * 2));
        }

        return low;
    }

    private static float[] Decode(uint number, byte[] blocks)
    {
        var type = GgmlTypes.Find(number)!;
        float[] values = new float[blocks.Length / type.BlockBytes * type.BlockElements];
        type.Decoder!.Decode(blocks, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
