using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Synfin.Linux.Interop;

/// <summary>struct ifreq: an interface's name and one value (netdevice(7)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal unsafe struct InterfaceRequest
{
    public const int NameSize = 16;
    public const int HardwareAddressSize = 6;

    [FieldOffset(0)]
    private fixed byte _name[NameSize];

    /// <summary>The flags of TUNSETIFF and TUNGETIFF.</summary>
    [FieldOffset(16)]
    public ushort Flags;

    // A sockaddr: the family, and then the octets.
    [FieldOffset(18)]
    private fixed byte _hardwareAddress[HardwareAddressSize];

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

    /// <summary>The answer of SIOCGIFHWADDR.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> HardwareAddress => MemoryMarshal.CreateReadOnlySpan(ref _hardwareAddress[0], HardwareAddressSize);
}
