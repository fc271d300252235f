using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Synfin.Linux.Interop;

/// <summary>struct epoll_event. On x86-64 alone it is packed, as it was on x86.</summary>
/// <param name="Events">EPOLLIN and so on.</param>
/// <param name="Index">Whose they are.</param>
internal readonly unsafe record struct EpollItem(uint Events, int Index)
{
    private static readonly bool _isPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>The octets of one in an array.</summary>
    public static int Size => _isPacked ? 12 : 16;

    private static int DataAt => _isPacked ? 4 : 8;

    /// <summary>Reads one.</summary>
    public static EpollItem Read(byte* item) =>
        new(Unsafe.ReadUnaligned<uint>(item), (int)Unsafe.ReadUnaligned<ulong>(item + DataAt));

    /// <summary>Writes it.</summary>
    public void Write(byte* item)
    {
        Unsafe.WriteUnaligned(item, Events);
        Unsafe.WriteUnaligned(item + DataAt, (ulong)Index);
    }
}
