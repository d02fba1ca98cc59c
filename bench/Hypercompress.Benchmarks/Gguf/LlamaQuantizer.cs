using System.Runtime.InteropServices;
using LLama.Native;

namespace Hypercompress.Benchmarks.Gguf;

/// <summary>llama.cpp's own quantizer.</summary>
internal static unsafe class LlamaQuantizer
{
    /// <summary>Quantizes a file.</summary>
    /// <param name="teacher">A file in half precision.</param>
    /// <param name="matrix">Importance of the columns.</param>
    /// <param name="type">The recipe, such as <c>MOSTLY_Q4_K_M</c>.</param>
    /// <param name="file">Where to.</param>
    public static void Run(string teacher, ImportanceMatrix matrix, LLamaFtype type, string file)
    {
        // Only this class finds the library.
        NativeApi.llama_empty_call();
        var parameters = LLamaModelQuantizeParams.Default();
        parameters.ftype = type;
        parameters.nthread = 1;
        Entry* entries = (Entry*)NativeMemory.AllocZeroed((nuint)(matrix.Squares.Count + 1), (nuint)sizeof(Entry));
        try
        {
            int next = 0;
            foreach ((string name, float[] squares) in matrix.Squares)
            {
                entries[next++] = new Entry(name, squares);
            }

            parameters.imatrix = (nint)entries;
            uint code = NativeApi.llama_model_quantize(teacher, file, ref parameters);
            if (code != 0)
            {
                throw new InvalidOperationException($"llama_model_quantize gave {code}");
            }
        }
        finally
        {
            for (int i = 0; i < matrix.Squares.Count; i++)
            {
                entries[i].Free();
            }

            NativeMemory.Free(entries);
        }
    }

    // A tensor's name, its numbers, and how many; an entry without a name ends the list.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Entry
    {
        private readonly nint _name;
        private readonly float* _squares;
        private readonly nuint _count;

        public Entry(string name, float[] squares)
        {
            _name = Marshal.StringToCoTaskMemUTF8(name);
            _squares = (float*)NativeMemory.Alloc((nuint)squares.Length, sizeof(float));
            _count = (nuint)squares.Length;
            squares.CopyTo(new Span<float>(_squares, squares.Length));
        }

        public void Free()
        {
            Marshal.FreeCoTaskMem(_name);
            NativeMemory.Free(_squares);
        }
    }
}
