namespace Synfin.Linux.Interop;

/// <summary>The driver's own requests (linux/if_tun.h), each on the descriptor of a queue. What fails returns the error's number.</summary>
internal static unsafe class TunDriver
{
    public const ushort Tun = 0x0001;
    public const ushort Tap = 0x0002;
    public const ushort MultiQueue = 0x0100;
    public const ushort NoPacketInformation = 0x1000;
    public const ushort VirtioHeader = 0x4000;

    private const nuint SetInterface = 0x400454CA;
    private const nuint GetInterface = 0x800454D2;
    private const nuint SetPersistent = 0x400454CB;
    private const nuint SetOffload = 0x400454D0;
    private const nuint GetHeaderSize = 0x800454D7;
    private const nuint GetNamespace = 0x54E3;
    private const nuint GetHardwareAddress = 0x8927;

    private const uint Checksum = 0x01;
    private const uint Tso4 = 0x02;
    private const uint Tso6 = 0x04;
    private const uint TsoEcn = 0x08;
    private const uint Uso = 0x20 | 0x40;

    /// <summary>Makes <paramref name="descriptor"/> a queue of the interface, whose name is then in the request.</summary>
    public static int Attach(int descriptor, ref InterfaceRequest request) => Request(descriptor, SetInterface, ref request);

    /// <summary>The name and the flags of the interface that the descriptor is a queue of.</summary>
    public static int Describe(int descriptor, out InterfaceRequest request)
    {
        request = default;
        return Request(descriptor, GetInterface, ref request);
    }

    /// <summary>Lets the device outlive its queues.</summary>
    public static int Persist(int descriptor) => Libc.Control(descriptor, SetPersistent, 1) < 0 ? Libc.LastError : 0;

    /// <summary>Says which unfinished packets may be read, as many kinds as the kernel knows.</summary>
    /// <param name="descriptor">The queue.</param>
    /// <param name="udp">Whether UDP super-segments (since Linux 6.2) are among them; then they may be written too.</param>
    public static int Accept(int descriptor, out bool udp)
    {
        const uint Tcp = Checksum | Tso4 | Tso6;
        udp = Libc.Control(descriptor, SetOffload, Tcp | TsoEcn | Uso) == 0;
        if (udp) return 0;
        if (Libc.Control(descriptor, SetOffload, Tcp | TsoEcn) == 0) return 0;
        return Libc.Control(descriptor, SetOffload, Tcp) == 0 ? 0 : Libc.LastError;
    }

    /// <summary>The octets before each packet.</summary>
    public static int HeaderSize(int descriptor, out int size)
    {
        int value = 0;
        int error = Libc.Control(descriptor, GetHeaderSize, &value) < 0 ? Libc.LastError : 0;
        size = value;
        return error;
    }

    /// <summary>A descriptor of the network namespace that the interface is in; below 0 without the right to know.</summary>
    public static int OpenNamespace(int descriptor) => Libc.Control(descriptor, GetNamespace, 0);

    /// <summary>The link-layer address of the kernel's end.</summary>
    public static int HardwareAddress(int descriptor, Span<byte> address)
    {
        InterfaceRequest request = default;
        int error = Request(descriptor, GetHardwareAddress, ref request);
        if (error == 0) request.HardwareAddress.CopyTo(address);
        return error;
    }

    private static int Request(int descriptor, nuint what, ref InterfaceRequest request)
    {
        fixed (InterfaceRequest* argument = &request) return Libc.Control(descriptor, what, argument) < 0 ? Libc.LastError : 0;
    }
}
