using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>Eight bits, −127 to 127, with a scale a head and position.</summary>
internal readonly unsafe struct ByteNumbers : ICacheNumbers
{
    private const float Largest = 127;

    /// <inheritdoc/>
    public static int Bytes => 1;

    /// <inheritdoc/>
    public static bool HasScale => true;

    /// <inheritdoc/>
    public static float Step(float* numbers, int count)
    {
        float most = 0;
        for (int i = 0; i < count; i++)
        {
            most = MathF.Max(most, MathF.Abs(numbers[i]));
        }

        return most / Largest;
    }

    /// <inheritdoc/>
    public static void Put(byte* start, int index, float number, float step) =>
        ((sbyte*)start)[index] = (sbyte)(step > 0 ? MathF.Round(number / step) : 0);

    /// <inheritdoc/>
    public static float Get(byte* start, int index) => ((sbyte*)start)[index];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* start, int index)
    {
        Vector128<short> wide = Vector128.WidenLower(
            Vector128.CreateScalarUnsafe(*(long*)(start + index)).AsSByte());
        return Vector256.ConvertToSingle(
            Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)));
    }
}
