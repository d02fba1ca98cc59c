using System.Text;

namespace Hypercompress.Models.Tests.Tokenization.SentencePiece;

/// <summary>Compiles replacement rules as SentencePiece does: one block of the double array for every node.</summary>
internal static class CharacterMapBytes
{
    public static byte[] Make(params (string From, string To)[] rules)
    {
        var texts = new MemoryStream();
        var children = new List<SortedDictionary<byte, int>> { new() };
        var leaves = new Dictionary<int, uint>();
        foreach (var (from, to) in rules)
        {
            leaves[NodeOf(from, children)] = (uint)texts.Length;
            texts.Write(Encoding.UTF8.GetBytes(to));
            texts.WriteByte(0);
        }

        byte[] trie = Compile(children, leaves).SelectMany(BitConverter.GetBytes).ToArray();
        return [.. BitConverter.GetBytes(trie.Length), .. trie, .. texts.ToArray()];
    }

    private static int NodeOf(string text, List<SortedDictionary<byte, int>> children)
    {
        int node = 0;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (!children[node].TryGetValue(value, out int next))
            {
                next = children.Count;
                children[node][value] = next;
                children.Add([]);
            }

            node = next;
        }

        return node;
    }

    // Node n owns the places n * 256 to n * 256 + 255; place 0 is the root, its block comes after it.
    private static uint[] Compile(List<SortedDictionary<byte, int>> children, Dictionary<int, uint> leaves)
    {
        var units = new uint[(children.Count + 1) * 256];
        units[0] = Offset(0, 256);
        for (int node = 0; node < children.Count; node++)
        {
            int block = (node + 1) * 256;
            foreach (var (value, child) in children[node])
            {
                uint leaf = leaves.ContainsKey(child) ? 1u << 8 : 0;
                units[block ^ value] = Offset(block ^ value, (child + 1) * 256) | leaf | value;
            }

            if (leaves.TryGetValue(node, out uint text))
            {
                units[block] = text | (1u << 31);
            }
        }

        return units;
    }

    private static uint Offset(int place, int target) => (uint)((place ^ target) << 10);
}
