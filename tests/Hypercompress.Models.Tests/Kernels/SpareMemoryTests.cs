using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Tests.Kernels;

[Collection<AloneCollection>]
public sealed class SpareMemoryTests
{
    [Fact]
    public void Take_AsMuchAsWasReturned_GivesTheSameAgain()
    {
        SpareMemory.Free();
        AlignedMemory memory = SpareMemory.Take(1000);
        SpareMemory.Return(memory);
        Assert.Same(memory, SpareMemory.Take(900));
        memory.Dispose();
    }

    [Fact]
    public unsafe void Take_MoreThanWasReturned_GivesMore()
    {
        SpareMemory.Free();
        AlignedMemory memory = SpareMemory.Take(1000);
        SpareMemory.Return(memory);
        using AlignedMemory larger = SpareMemory.Take(1001);
        Assert.Equal(1001, larger.ByteCount);
        Assert.Throws<ObjectDisposedException>(() => (nint)memory.As<byte>());
    }

    [Fact]
    public unsafe void Free_FreesWhatWasReturned()
    {
        AlignedMemory memory = SpareMemory.Take(1000);
        SpareMemory.Return(memory);
        SpareMemory.Free();
        Assert.Throws<ObjectDisposedException>(() => (nint)memory.As<byte>());
    }
}
