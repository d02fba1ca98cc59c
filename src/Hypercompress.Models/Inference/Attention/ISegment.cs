namespace Hypercompress.Models.Inference.Attention;

/// <summary>Keys and values of some consecutive positions of a layer.</summary>
internal unsafe interface ISegment : IDisposable
{
    /// <summary>How many positions fit; a multiple of <see cref="HeadLayout.Lanes"/>, or fewer than these.</summary>
    int Capacity { get; }

    /// <summary>Bytes in memory.</summary>
    long ByteCount { get; }

    /// <summary>Stores the keys and values of a position.</summary>
    /// <param name="place">0-based position in the segment.</param>
    /// <param name="keys">Rotated keys, head after head.</param>
    /// <param name="values">Values, head after head.</param>
    void Store(int place, float* keys, float* values);

    /// <summary>Reads what was stored.</summary>
    /// <param name="place">0-based position in the segment.</param>
    /// <param name="keys">Gets the keys.</param>
    /// <param name="values">Gets the values.</param>
    void Read(int place, float* keys, float* values);

    /// <summary>Products of a query with the keys of a head.</summary>
    /// <param name="head">Key/value head.</param>
    /// <param name="query">The query.</param>
    /// <param name="groups">How many times <see cref="HeadLayout.Lanes"/> positions.</param>
    /// <param name="scores">Gets a number a position.</param>
    void Score(int head, float* query, int groups, float* scores);

    /// <summary>Adds weighted values of a head.</summary>
    /// <param name="head">Key/value head.</param>
    /// <param name="weights">A number a position.</param>
    /// <param name="from">First position.</param>
    /// <param name="to">Position after the last.</param>
    /// <param name="sum">Gets the sum; <see cref="HeadLayout.PaddedDimension"/> numbers.</param>
    void Mix(int head, float* weights, int from, int to, float* sum);
}
