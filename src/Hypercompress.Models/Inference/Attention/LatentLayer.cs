using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>
/// Latents of one layer, from which keys and values are computed when they are attended to. Grows by segments.
/// </summary>
internal sealed unsafe class LatentLayer : IDisposable
{
    private const int SegmentPositions = 256;

    private readonly CacheFormat _format;
    private readonly List<AlignedMemory?> _segments = [];

    // The first segment, which has the first positions, is never forgotten.
    private int _nextToForget = 1;

    /// <summary>An empty cache.</summary>
    /// <param name="rank">Numbers of a latent.</param>
    /// <param name="format">How they are held; <see cref="CacheFormat.Byte"/> has a scale a position.</param>
    public LatentLayer(int rank, CacheFormat format) => (Rank, _format) = (rank, format);

    /// <summary>Numbers of a latent.</summary>
    public int Rank { get; }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _segments.Sum(segment => segment?.ByteCount ?? 0);

    /// <summary>Bytes that a further position takes.</summary>
    public long BytesPerPosition => _format switch
    {
        CacheFormat.Byte => Rank + sizeof(float),
        CacheFormat.Single => (long)Rank * sizeof(float),
        _ => (long)Rank * sizeof(ushort),
    };

    /// <summary>Stores the latent of a position; those of all before it were stored.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="latent">The latent.</param>
    public void Store(int position, float* latent)
    {
        while (_segments.Count * SegmentPositions <= position)
        {
            _segments.Add(new AlignedMemory(SegmentPositions * BytesPerPosition));
        }

        Store(Place(position), latent);
    }

    /// <summary>Reads the latent of a position.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="latent">Gets it.</param>
    public void Read(int position, float* latent)
    {
        byte* place = Place(position);
        for (int i = 0; i < Rank; i++)
        {
            latent[i] = _format switch
            {
                CacheFormat.Byte => *(float*)place * ByteNumbers.Get(place + sizeof(float), i),
                CacheFormat.Single => ((float*)place)[i],
                _ => HalfNumbers.Get(place, i),
            };
        }
    }

    /// <summary>Frees segments between the first and a later position.</summary>
    /// <param name="position">The first position that is still needed.</param>
    public void Forget(int position)
    {
        for (; (_nextToForget + 1) * SegmentPositions <= position && _nextToForget < _segments.Count; _nextToForget++)
        {
            _segments[_nextToForget]?.Dispose();
            _segments[_nextToForget] = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _segments.ForEach(segment => segment?.Dispose());

    private void Store(byte* place, float* latent)
    {
        float step = _format == CacheFormat.Byte ? ByteNumbers.Step(latent, Rank) : 1;
        if (_format == CacheFormat.Byte)
        {
            *(float*)place = step;
            place += sizeof(float);
        }

        for (int i = 0; i < Rank; i++)
        {
            switch (_format)
            {
                case CacheFormat.Byte:
                    ByteNumbers.Put(place, i, latent[i], step);
                    break;
                case CacheFormat.Single:
                    SingleNumbers.Put(place, i, latent[i], step);
                    break;
                default:
                    HalfNumbers.Put(place, i, latent[i], step);
                    break;
            }
        }
    }

    private byte* Place(int position)
    {
        AlignedMemory segment = _segments[position / SegmentPositions]
            ?? throw new InvalidOperationException($"position {position} of the cache is forgotten");
        return segment.As<byte>() + (position % SegmentPositions * BytesPerPosition);
    }
}
