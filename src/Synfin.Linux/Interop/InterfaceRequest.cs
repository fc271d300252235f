using System.Runtime.InteropServices;
using System.Text;

namespace Synfin.Linux.Interop;

/// <summary>struct ifreq: an interface's name and one value (netdevice(7)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal unsafe struct InterfaceRequest
{
    public const int NameSize = 16;

    public const nuint TunSetInterface = 0x400454CA;
    public const nuint GetFlags = 0x8913;
    public const nuint SetFlags = 0x8914;
    public const nuint GetMtu = 0x8921;
    public const nuint SetMtu = 0x8922;
    public const nuint GetIndex = 0x8933;

    public const short TunFlags = 0x0001 | 0x1000; // IFF_TUN | IFF_NO_PI
    public const short InterfaceUp = 0x1;

    [FieldOffset(0)]
    private fixed byte _name[NameSize];

    /// <summary>The flags of TUNSETIFF and of SIOCxIFFLAGS.</summary>
    [FieldOffset(16)]
    public short Flags;

    /// <summary>The MTU or the index.</summary>
    [FieldOffset(16)]
    public int Value;

    /// <summary>A request about the interface <paramref name="name"/>, which is at most 15 octets long.</summary>
    public static InterfaceRequest For(string name)
    {
        InterfaceRequest request = default;
        Encoding.ASCII.GetBytes(name, new Span<byte>(request._name, NameSize - 1));
        return request;
    }

    /// <summary>The name that the kernel left in the request.</summary>
    public string Name
    {
        get
        {
            fixed (byte* name = _name) return Marshal.PtrToStringUTF8((nint)name) ?? "";
        }
    }
}
