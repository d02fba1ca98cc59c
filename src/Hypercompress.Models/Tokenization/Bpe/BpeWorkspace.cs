namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>The memory of one run of merges, kept from piece to piece: a linked list of symbols and a heap.</summary>
internal sealed class BpeWorkspace
{
    private int[] _symbols = new int[64];
    private int[] _previous = new int[64];
    private int[] _next = new int[64];

    public int Count { get; private set; }

    /// <summary>Possible merges (left place, new id) by rank, then by place.</summary>
    public PriorityQueue<(int Left, int NewId), ulong> Candidates { get; } = new();

    public void Clear()
    {
        Count = 0;
        Candidates.Clear();
    }

    public void Add(int symbol)
    {
        if (Count == _symbols.Length)
        {
            Array.Resize(ref _symbols, Count * 2);
            Array.Resize(ref _previous, Count * 2);
            Array.Resize(ref _next, Count * 2);
        }

        _symbols[Count] = symbol;
        _previous[Count] = Count - 1;
        _next[Count] = Count + 1;
        Count++;
    }

    /// <summary>The symbol at a place; -1 where it has been merged into the one before.</summary>
    public int Symbol(int place) => _symbols[place];

    /// <summary>The place after; <see cref="Count"/> at the end.</summary>
    public int Next(int place) => _next[place];

    /// <summary>The place before; -1 at the start.</summary>
    public int Previous(int place) => _previous[place];

    /// <summary>Puts a new symbol in the place of two neighbours.</summary>
    public void Merge(int left, int newId)
    {
        int right = _next[left];
        _symbols[left] = newId;
        _symbols[right] = -1;
        _next[left] = _next[right];
        if (_next[right] < Count)
        {
            _previous[_next[right]] = left;
        }
    }

    public void CopyTo(List<int> ids)
    {
        for (int place = 0; place < Count; place = _next[place])
        {
            ids.Add(_symbols[place]);
        }
    }
}
