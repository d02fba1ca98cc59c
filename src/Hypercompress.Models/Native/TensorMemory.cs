using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Hypercompress.Models.Native;

/// <summary>
/// Lets libtorch take large blocks of CPU memory from a <see cref="BlockCache"/>. A quarter to two fifths of the time
/// of calibration and training went into pages that the system zeroed for every temporary tensor and got back at once.
/// </summary>
/// <remarks>
/// libtorch's <c>c10::SetCPUAllocator</c> takes an object with a table of virtual functions; this one has the table of
/// libtorch's own allocator with another <c>allocate</c> and <c>raw_deleter</c>. Only on 64-bit Linux and with the
/// TorchSharp that this was written for; anywhere else nothing is changed.
/// </remarks>
internal static unsafe class TensorMemory
{
    // With libtorch 2.10.
    private static readonly Version Expected = new(0, 107, 0, 0);
    private const byte Priority = 1;

    // The Itanium ABI: two destructors come first.
    private const int AllocateSlot = 2;
    private const int DeleterSlot = 4;
    private const int TableWords = 16;
    private const int WordsBeforeTable = 2;

    private const long Smallest = 1 << 20;
    private const int Alignment = 64;

    private static readonly BlockCache Cache = new(
        size => (nint)NativeMemory.AlignedAlloc((nuint)size, Alignment),
        block => NativeMemory.AlignedFree((void*)block),
        TimeProvider.System);

    // Blocks in use. libtorch gives back also blocks that it took from its own allocator, and says nothing but where
    // they begin.
    private static readonly ConcurrentDictionary<nint, long> Sizes = new();

    private static readonly Lazy<bool> Installed = new(Install);

    private static void* _original;
    private static delegate* unmanaged[Cdecl]<void*, nuint, DataPointer> _allocate;
    private static DataPointer _pattern;

    /// <summary>Begins to keep freed memory; later calls do nothing. libtorch is loaded already.</summary>
    /// <returns>Whether it does.</returns>
    public static bool Keep() => Installed.Value;

    private static bool Install()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64
            || typeof(torch).Assembly.GetName().Version != Expected
            || !NativeLibrary.TryLoad("libc10.so", typeof(torch).Assembly, null, out nint library)
            || !NativeLibrary.TryGetExport(library, "_ZN3c1015GetCPUAllocatorEv", out nint get)
            || !NativeLibrary.TryGetExport(library, "_ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh", out nint set))
        {
            return false;
        }

        _original = ((delegate* unmanaged[Cdecl]<void*>)get)();
        void** table = *(void***)_original;
        _allocate = (delegate* unmanaged[Cdecl]<void*, nuint, DataPointer>)table[AllocateSlot];
        _pattern = _allocate(_original, Alignment);
        var deleter = (delegate* unmanaged[Cdecl]<void*, void*>)table[DeleterSlot];
        if (!_pattern.IsAsExpected || deleter(_original) != _pattern.Deleter)
        {
            return false;
        }

        FreeOriginal(_pattern.Data);
        ((delegate* unmanaged[Cdecl]<void*, byte, void>)set)(NewAllocator(table), Priority);
        return true;
    }

    // Never freed: libtorch keeps it.
    private static void* NewAllocator(void** table)
    {
        var words = (void**)NativeMemory.Alloc((WordsBeforeTable + TableWords + 1) * (nuint)sizeof(void*));
        NativeMemory.Copy(
            table - WordsBeforeTable, words, (WordsBeforeTable + TableWords) * (nuint)sizeof(void*));
        void** own = words + WordsBeforeTable;
        own[AllocateSlot] = (delegate* unmanaged[Cdecl]<void*, nuint, DataPointer>)&Allocate;
        own[DeleterSlot] = (delegate* unmanaged[Cdecl]<void*, void*>)&Deleter;
        void** made = words + WordsBeforeTable + TableWords;
        *made = own;
        return made;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static DataPointer Allocate(void* self, nuint bytes)
    {
        if (bytes < (nuint)Smallest || bytes > long.MaxValue / 2)
        {
            return _allocate(_original, bytes);
        }

        long size = BlockCache.SizeOf((long)bytes);
        try
        {
            nint block = Cache.Take(size);
            Sizes[block] = size;
            return _pattern.With((void*)block, Deleter());
        }
        catch (OutOfMemoryException)
        {
            // libtorch says so in its own words.
            return _allocate(_original, bytes);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Deleter(void* self) => Deleter();

    private static void* Deleter() => (delegate* unmanaged[Cdecl]<void*, void>)&Free;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* data)
    {
        if (Sizes.TryRemove((nint)data, out long size))
        {
            Cache.Return((nint)data, size);
        }
        else
        {
            FreeOriginal(data);
        }
    }

    private static void FreeOriginal(void* data) =>
        ((delegate* unmanaged[Cdecl]<void*, void>)_pattern.Deleter)(data);

    /// <summary>c10::DataPtr: where the data is, what is freed, by what, and the device.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DataPointer
    {
        private void* _data;
        private void* _deleter;
        private void* _context;
        private readonly nint _device;

        public readonly void* Data => _data;

        public readonly void* Deleter => _deleter;

        public readonly bool IsAsExpected => _data != null && _context == _data && _deleter != null
            && _deleter != _data && (byte)_device == 0;

        public readonly DataPointer With(void* data, void* deleter)
        {
            DataPointer changed = this;
            changed._data = data;
            changed._context = data;
            changed._deleter = deleter;
            return changed;
        }
    }
}
