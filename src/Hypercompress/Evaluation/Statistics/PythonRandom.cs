namespace Hypercompress.Evaluation.Statistics;

/// <summary>
/// The generator of CPython's <c>random</c> module, draw for draw: MT19937 (Matsumoto and Nishimura 1998) seeded by
/// <c>init_by_array</c>. lm-evaluation-harness draws few-shot examples and bootstrap resamples from it, so its scores
/// can only be repeated with the same draws.
/// </summary>
internal sealed class PythonRandom
{
    private const int Size = 624;
    private const int Middle = 397;
    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    /// <summary>Seeds the generator as <c>random.Random(seed)</c> does.</summary>
    /// <param name="seed">Any number; the sign is ignored, as in Python.</param>
    public PythonRandom(long seed)
    {
        ulong magnitude = seed < 0 ? (ulong)-seed : (ulong)seed;
        Seed(magnitude > uint.MaxValue ? [(uint)magnitude, (uint)(magnitude >> 32)] : [(uint)magnitude]);
    }

    /// <summary>The next number as <c>random()</c> gives it.</summary>
    /// <returns>In [0, 1), of 53 bits.</returns>
    public double NextDouble() => (((NextWord() >> 5) * 67108864.0) + (NextWord() >> 6)) / 9007199254740992.0;

    /// <summary>Draws with replacement, as <c>choices(range(population), k=drawn.Length)</c> does.</summary>
    /// <param name="population">Number of elements, at least 1.</param>
    /// <param name="drawn">Receives the indices.</param>
    public void Choices(int population, Span<int> drawn)
    {
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = (int)(NextDouble() * population);
        }
    }

    /// <summary>Draws without replacement, as <c>sample(range(population), count)</c> does.</summary>
    /// <param name="population">Number of elements.</param>
    /// <param name="count">How many of them, at most <paramref name="population"/>.</param>
    /// <returns>The indices in the order they were drawn.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More are asked for than there are.</exception>
    public int[] Sample(int population, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, population);
        return population <= PoolLimit(count) ? SampleFromPool(population, count) : SampleBySet(population, count);
    }

    // CPython copies the population while that takes less memory than a set of what was drawn.
    private static double PoolLimit(int count) =>
        21 + (count > 5 ? Math.Pow(4, Math.Ceiling(Math.Log(count * 3) / Math.Log(4))) : 0);

    private int[] SampleFromPool(int population, int count)
    {
        int[] pool = [.. Enumerable.Range(0, population)];
        var drawn = new int[count];
        for (int i = 0; i < count; i++)
        {
            int place = Below(population - i);
            drawn[i] = pool[place];
            pool[place] = pool[population - i - 1];
        }

        return drawn;
    }

    private int[] SampleBySet(int population, int count)
    {
        var seen = new HashSet<int>();
        var drawn = new int[count];
        for (int i = 0; i < count; i++)
        {
            int place;
            do
            {
                place = Below(population);
            }
            while (!seen.Add(place));

            drawn[i] = place;
        }

        return drawn;
    }

    private int Below(int limit)
    {
        int bits = 32 - int.LeadingZeroCount(limit);
        uint value;
        do
        {
            value = NextWord() >> (32 - bits);
        }
        while (value >= limit);

        return (int)value;
    }

    private uint NextWord()
    {
        if (_next == Size)
        {
            Twist();
        }

        uint word = _state[_next++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C5680;
        word ^= (word << 15) & 0xEFC60000;
        return word ^ (word >> 18);
    }

    private void Twist()
    {
        for (int i = 0; i < Size; i++)
        {
            uint mixed = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Middle) % Size] ^ (mixed >> 1) ^ ((mixed & 1) * 0x9908B0DF);
        }

        _next = 0;
    }

    private void Seed(ReadOnlySpan<uint> key)
    {
        _state[0] = 19650218;
        for (int i = 1; i < Size; i++)
        {
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        }

        int place = 1;
        for (int i = 0; i < Size; i++)
        {
            int element = i % key.Length;
            _state[place] = (_state[place] ^ (Previous(place) * 1664525)) + key[element] + (uint)element;
            place = Advance(place);
        }

        for (int i = 0; i < Size - 1; i++)
        {
            _state[place] = (_state[place] ^ (Previous(place) * 1566083941)) - (uint)place;
            place = Advance(place);
        }

        _state[0] = 0x80000000;
    }

    private uint Previous(int place) => _state[place - 1] ^ (_state[place - 1] >> 30);

    private int Advance(int place)
    {
        if (place < Size - 1)
        {
            return place + 1;
        }

        _state[0] = _state[Size - 1];
        return 1;
    }
}
