namespace Hypercompress.Models.Tokenization;

/// <summary>Which neighbouring symbols may merge, how early, and into what.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<long, (int Rank, int NewId)> _merges;
    private readonly HashSet<uint> _joinable = [];

    public MergeTable(int capacity) => _merges = new Dictionary<long, (int, int)>(capacity);

    /// <summary>Adds a merge of the next rank.</summary>
    /// <param name="left">Left token and its id.</param>
    /// <param name="right">Right token and its id.</param>
    /// <param name="rank">Smaller merges first.</param>
    /// <param name="newId">The id of the result.</param>
    public void Add((string Token, int Id) left, (string Token, int Id) right, int rank, int newId)
    {
        _merges[Key(left.Id, right.Id)] = (rank, newId);
        _joinable.Add(Units(left.Token[^1], right.Token[0]));
    }

    public bool TryGet(int left, int right, out (int Rank, int NewId) merge) =>
        _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>Whether any merge could ever join two symbols across these neighbouring characters.</summary>
    public bool CanJoin(char left, char right) => _joinable.Contains(Units(left, right));

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private static uint Units(char left, char right) => ((uint)left << 16) | right;
}
